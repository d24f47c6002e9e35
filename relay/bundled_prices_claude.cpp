#include "relay/bundled_prices.hpp"

namespace baton::relay {

std::string_view claude_prices() {
  return R"json(
  "claude-fable-5-1": {
    "input_cost_per_token": 10e-6, "output_cost_per_token": 50e-6,
    "cache_read_input_token_cost": 0.25e-6, "cache_creation_input_token_cost": 12.5e-6,
    "cache_creation_input_token_cost_above_1hr": 20e-6, "max_output_tokens": 128000,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-fable-5": {
    "input_cost_per_token": 10e-6, "output_cost_per_token": 50e-6,
    "cache_read_input_token_cost": 1e-6, "cache_creation_input_token_cost": 12.5e-6,
    "cache_creation_input_token_cost_above_1hr": 20e-6, "max_output_tokens": 128000,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-opus-5-5": {
    "input_cost_per_token": 4e-6, "output_cost_per_token": 20e-6,
    "cache_read_input_token_cost": 0.2e-6, "cache_creation_input_token_cost": 5e-6,
    "cache_creation_input_token_cost_above_1hr": 8e-6, "max_output_tokens": 128000,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-opus-5": {
    "input_cost_per_token": 5e-6, "output_cost_per_token": 25e-6,
    "cache_read_input_token_cost": 0.5e-6, "cache_creation_input_token_cost": 6.25e-6,
    "cache_creation_input_token_cost_above_1hr": 10e-6, "max_output_tokens": 128000,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-opus-4-8": {
    "input_cost_per_token": 5e-6, "output_cost_per_token": 25e-6,
    "cache_read_input_token_cost": 0.5e-6, "cache_creation_input_token_cost": 6.25e-6,
    "cache_creation_input_token_cost_above_1hr": 10e-6,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-opus-4-7": {
    "input_cost_per_token": 5e-6, "output_cost_per_token": 25e-6,
    "cache_read_input_token_cost": 0.5e-6, "cache_creation_input_token_cost": 6.25e-6,
    "cache_creation_input_token_cost_above_1hr": 10e-6,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-opus-4-6": {
    "input_cost_per_token": 5e-6, "output_cost_per_token": 25e-6,
    "cache_read_input_token_cost": 0.5e-6, "cache_creation_input_token_cost": 6.25e-6,
    "cache_creation_input_token_cost_above_1hr": 10e-6,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-opus-4-5": {
    "input_cost_per_token": 5e-6, "output_cost_per_token": 25e-6,
    "cache_read_input_token_cost": 0.5e-6, "cache_creation_input_token_cost": 6.25e-6,
    "cache_creation_input_token_cost_above_1hr": 10e-6,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-opus-4-1": {
    "input_cost_per_token": 15e-6, "output_cost_per_token": 75e-6,
    "cache_read_input_token_cost": 1.5e-6, "cache_creation_input_token_cost": 18.75e-6,
    "cache_creation_input_token_cost_above_1hr": 30e-6,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-sonnet-5-5": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.1e-6, "cache_creation_input_token_cost": 2.5e-6,
    "cache_creation_input_token_cost_above_1hr": 4e-6, "max_output_tokens": 128000,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-sonnet-5": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.2e-6, "cache_creation_input_token_cost": 2.5e-6,
    "cache_creation_input_token_cost_above_1hr": 4e-6, "max_output_tokens": 128000,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-sonnet-4-6": {
    "input_cost_per_token": 3e-6, "output_cost_per_token": 15e-6,
    "cache_read_input_token_cost": 0.3e-6, "cache_creation_input_token_cost": 3.75e-6,
    "cache_creation_input_token_cost_above_1hr": 6e-6,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-sonnet-4-5": {
    "input_cost_per_token": 3e-6, "output_cost_per_token": 15e-6,
    "cache_read_input_token_cost": 0.3e-6, "cache_creation_input_token_cost": 3.75e-6,
    "cache_creation_input_token_cost_above_1hr": 6e-6, "max_output_tokens": 64000,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  },
  "claude-haiku-5-5": {
    "input_cost_per_token": 0.1e-6, "output_cost_per_token": 0.5e-6,
    "cache_read_input_token_cost": 0.01e-6, "cache_creation_input_token_cost": 0.125e-6,
    "cache_creation_input_token_cost_above_1hr": 0.2e-6,
    "input_cost_per_token_above_100k_tokens": 0.5e-6,
    "output_cost_per_token_above_100k_tokens": 2.5e-6,
    "cache_read_input_token_cost_above_100k_tokens": 0.05e-6,
    "cache_creation_input_token_cost_above_100k_tokens": 0.625e-6,
    "cache_creation_input_token_cost_above_1hr_above_100k_tokens": 1e-6,
    "max_output_tokens": 128000,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/models/haiku-5-5/overview"
  },
  "claude-haiku-4-5": {
    "input_cost_per_token": 1e-6, "output_cost_per_token": 5e-6,
    "cache_read_input_token_cost": 0.1e-6, "cache_creation_input_token_cost": 1.25e-6,
    "cache_creation_input_token_cost_above_1hr": 2e-6, "max_output_tokens": 64000,
    "as_of": "2026-10-24", "source": "https://platform.claude.com/docs/en/about-claude/pricing"
  }
)json";
}

}  // namespace baton::relay
