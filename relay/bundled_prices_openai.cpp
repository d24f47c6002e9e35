#include "relay/bundled_prices.hpp"

namespace baton::relay {

// Standard processing. Models since GPT-5.6 also cost 1.25 times the input for what is written to
// the cache, which is the default of the format.
std::string_view openai_prices() {
  return R"json(
  "gpt-6.2-astra": {
    "input_cost_per_token": 8e-6, "output_cost_per_token": 40e-6,
    "cache_read_input_token_cost": 0.4e-6, "cache_creation_input_token_cost": 10e-6,
    "input_cost_per_token_above_272k_tokens": 16e-6,
    "output_cost_per_token_above_272k_tokens": 60e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.8e-6,
    "cache_creation_input_token_cost_above_272k_tokens": 20e-6,
    "max_output_tokens": 128000, "as_of": "2026-11-18",
    "source": "https://github.com/iyulab/TokenMeter/releases/tag/v0.17.0"
  },
  "gpt-6.2-sol": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.1e-6, "cache_creation_input_token_cost": 2.5e-6,
    "input_cost_per_token_above_272k_tokens": 4e-6,
    "output_cost_per_token_above_272k_tokens": 15e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.2e-6,
    "cache_creation_input_token_cost_above_272k_tokens": 5e-6,
    "max_output_tokens": 128000, "as_of": "2026-11-17",
    "source": "https://developers.openai.com/api/docs/models/gpt-6.2-sol"
  },
  "gpt-6.1-sol": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.1e-6,
    "input_cost_per_token_above_272k_tokens": 4e-6,
    "output_cost_per_token_above_272k_tokens": 15e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.2e-6,
    "max_output_tokens": 128000, "as_of": "2026-10-13",
    "source": "https://docs.laozhang.ai/en/announcements/gpt-6-1-sol-2026-10"
  },
  "gpt-6.1-terra": {
    "input_cost_per_token": 1e-6, "output_cost_per_token": 5e-6,
    "cache_read_input_token_cost": 0.05e-6,
    "input_cost_per_token_above_272k_tokens": 2e-6,
    "output_cost_per_token_above_272k_tokens": 7.5e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.1e-6,
    "max_output_tokens": 128000, "as_of": "2026-10-26",
    "source": "https://docs.litellm.ai/blog/gpt-6-1-terra"
  },
  "gpt-6-astra": {
    "input_cost_per_token": 10e-6, "output_cost_per_token": 50e-6,
    "cache_read_input_token_cost": 1e-6, "cache_creation_input_token_cost": 12.5e-6,
    "input_cost_per_token_above_272k_tokens": 20e-6,
    "output_cost_per_token_above_272k_tokens": 75e-6,
    "cache_read_input_token_cost_above_272k_tokens": 2e-6,
    "cache_creation_input_token_cost_above_272k_tokens": 25e-6,
    "max_output_tokens": 128000, "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-6-sol": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.2e-6, "cache_creation_input_token_cost": 2.5e-6,
    "input_cost_per_token_above_272k_tokens": 4e-6,
    "output_cost_per_token_above_272k_tokens": 15e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.4e-6,
    "cache_creation_input_token_cost_above_272k_tokens": 5e-6,
    "max_output_tokens": 128000, "as_of": "2026-09-29",
    "source": "https://developers.openai.com/api/docs/models/gpt-6-sol"
  },
  "gpt-6-luna": {
    "input_cost_per_token": 0.1e-6, "output_cost_per_token": 0.5e-6,
    "cache_read_input_token_cost": 0.01e-6, "cache_creation_input_token_cost": 0.125e-6,
    "input_cost_per_token_above_272k_tokens": 0.2e-6,
    "output_cost_per_token_above_272k_tokens": 0.75e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.02e-6,
    "cache_creation_input_token_cost_above_272k_tokens": 0.25e-6,
    "max_output_tokens": 128000, "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.6": {
    "input_cost_per_token": 4e-6, "output_cost_per_token": 20e-6,
    "cache_read_input_token_cost": 0.4e-6, "cache_creation_input_token_cost": 5e-6,
    "input_cost_per_token_above_272k_tokens": 8e-6,
    "output_cost_per_token_above_272k_tokens": 30e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.8e-6,
    "cache_creation_input_token_cost_above_272k_tokens": 10e-6,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.6-sol": {
    "input_cost_per_token": 4e-6, "output_cost_per_token": 20e-6,
    "cache_read_input_token_cost": 0.4e-6, "cache_creation_input_token_cost": 5e-6,
    "input_cost_per_token_above_272k_tokens": 8e-6,
    "output_cost_per_token_above_272k_tokens": 30e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.8e-6,
    "cache_creation_input_token_cost_above_272k_tokens": 10e-6,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.6-terra": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 12e-6,
    "cache_read_input_token_cost": 0.2e-6, "cache_creation_input_token_cost": 2.5e-6,
    "input_cost_per_token_above_272k_tokens": 4e-6,
    "output_cost_per_token_above_272k_tokens": 18e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.4e-6,
    "cache_creation_input_token_cost_above_272k_tokens": 5e-6,
    "max_output_tokens": 128000, "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.6-luna": {
    "input_cost_per_token": 0.2e-6, "output_cost_per_token": 1.2e-6,
    "cache_read_input_token_cost": 0.02e-6, "cache_creation_input_token_cost": 0.25e-6,
    "input_cost_per_token_above_272k_tokens": 0.4e-6,
    "output_cost_per_token_above_272k_tokens": 1.8e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.04e-6,
    "cache_creation_input_token_cost_above_272k_tokens": 0.5e-6,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.5": {
    "input_cost_per_token": 5e-6, "output_cost_per_token": 30e-6,
    "cache_read_input_token_cost": 0.5e-6,
    "input_cost_per_token_above_272k_tokens": 10e-6,
    "output_cost_per_token_above_272k_tokens": 45e-6,
    "cache_read_input_token_cost_above_272k_tokens": 1e-6,
    "max_output_tokens": 128000, "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.5-pro": {
    "input_cost_per_token": 30e-6, "output_cost_per_token": 180e-6,
    "input_cost_per_token_above_272k_tokens": 60e-6,
    "output_cost_per_token_above_272k_tokens": 270e-6,
    "max_output_tokens": 128000, "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.4": {
    "input_cost_per_token": 2.5e-6, "output_cost_per_token": 15e-6,
    "cache_read_input_token_cost": 0.25e-6,
    "input_cost_per_token_above_272k_tokens": 5e-6,
    "output_cost_per_token_above_272k_tokens": 22.5e-6,
    "cache_read_input_token_cost_above_272k_tokens": 0.5e-6,
    "max_output_tokens": 128000, "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.4-pro": {
    "input_cost_per_token": 30e-6, "output_cost_per_token": 180e-6,
    "input_cost_per_token_above_272k_tokens": 60e-6,
    "output_cost_per_token_above_272k_tokens": 270e-6,
    "max_output_tokens": 128000, "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.4-mini": {
    "input_cost_per_token": 0.75e-6, "output_cost_per_token": 4.5e-6,
    "cache_read_input_token_cost": 0.075e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.4-nano": {
    "input_cost_per_token": 0.2e-6, "output_cost_per_token": 1.25e-6,
    "cache_read_input_token_cost": 0.02e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.3-codex": {
    "input_cost_per_token": 1.75e-6, "output_cost_per_token": 14e-6,
    "cache_read_input_token_cost": 0.175e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.2": {
    "input_cost_per_token": 1.75e-6, "output_cost_per_token": 14e-6,
    "cache_read_input_token_cost": 0.175e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.2-codex": {
    "input_cost_per_token": 1.75e-6, "output_cost_per_token": 14e-6,
    "cache_read_input_token_cost": 0.175e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.2-pro": {
    "input_cost_per_token": 21e-6, "output_cost_per_token": 168e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.1": {
    "input_cost_per_token": 1.25e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.125e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.1-codex": {
    "input_cost_per_token": 1.25e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.125e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.1-codex-max": {
    "input_cost_per_token": 1.25e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.125e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5.1-codex-mini": {
    "input_cost_per_token": 0.25e-6, "output_cost_per_token": 2e-6,
    "cache_read_input_token_cost": 0.025e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5": {
    "input_cost_per_token": 1.25e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.125e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5-codex": {
    "input_cost_per_token": 1.25e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.125e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5-mini": {
    "input_cost_per_token": 0.25e-6, "output_cost_per_token": 2e-6,
    "cache_read_input_token_cost": 0.025e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5-nano": {
    "input_cost_per_token": 0.05e-6, "output_cost_per_token": 0.4e-6,
    "cache_read_input_token_cost": 0.005e-6, "max_output_tokens": 128000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-5-pro": {
    "input_cost_per_token": 15e-6, "output_cost_per_token": 120e-6, "max_output_tokens": 272000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-4.1": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6,
    "cache_read_input_token_cost": 0.5e-6, "max_output_tokens": 32768,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-4.1-mini": {
    "input_cost_per_token": 0.4e-6, "output_cost_per_token": 1.6e-6,
    "cache_read_input_token_cost": 0.1e-6, "max_output_tokens": 32768,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-4.1-nano": {
    "input_cost_per_token": 0.1e-6, "output_cost_per_token": 0.4e-6,
    "cache_read_input_token_cost": 0.025e-6, "max_output_tokens": 32768,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-4o": {
    "input_cost_per_token": 2.5e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 1.25e-6, "max_output_tokens": 16384,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-4o-2024-05-13": {
    "input_cost_per_token": 5e-6, "output_cost_per_token": 15e-6, "max_output_tokens": 4096,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gpt-4o-mini": {
    "input_cost_per_token": 0.15e-6, "output_cost_per_token": 0.6e-6,
    "cache_read_input_token_cost": 0.075e-6, "max_output_tokens": 16384,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "o4-mini": {
    "input_cost_per_token": 1.1e-6, "output_cost_per_token": 4.4e-6,
    "cache_read_input_token_cost": 0.275e-6, "max_output_tokens": 100000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "o3": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6,
    "cache_read_input_token_cost": 0.5e-6, "max_output_tokens": 100000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "o3-pro": {
    "input_cost_per_token": 20e-6, "output_cost_per_token": 80e-6, "max_output_tokens": 100000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "o3-mini": {
    "input_cost_per_token": 1.1e-6, "output_cost_per_token": 4.4e-6,
    "cache_read_input_token_cost": 0.55e-6, "max_output_tokens": 100000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "o1": {
    "input_cost_per_token": 15e-6, "output_cost_per_token": 60e-6,
    "cache_read_input_token_cost": 7.5e-6, "max_output_tokens": 100000,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "text-embedding-3-small": {
    "input_cost_per_token": 0.02e-6, "output_cost_per_token": 0,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "text-embedding-3-large": {
    "input_cost_per_token": 0.13e-6, "output_cost_per_token": 0,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  }
)json";
}

}  // namespace baton::relay
