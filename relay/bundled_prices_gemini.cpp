#include "relay/bundled_prices.hpp"

namespace baton::relay {

// The rates of text: some models count sound, images or video at higher ones. Where a
// price is introductory, `from` has twice as much.
std::string_view gemini_prices() {
  return R"json(
  "gemini-4-carbon": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.1e-6,
    "from": {"2026-12-01": {
      "input_cost_per_token": 4e-6, "output_cost_per_token": 20e-6,
      "cache_read_input_token_cost": 0.2e-6}},
    "as_of": "2026-11-11",
    "source": "https://docs.laozhang.ai/en/announcements/gemini-4-carbon-2026-11"
  },
  "gemini-4-argon": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.1e-6, "max_output_tokens": 65536,
    "from": {"2026-12-01": {
      "input_cost_per_token": 4e-6, "output_cost_per_token": 20e-6,
      "cache_read_input_token_cost": 0.2e-6}},
    "as_of": "2026-10-13",
    "source": "https://github.com/iyulab/TokenMeter/releases/tag/v0.13.1"
  },
  "gemini-4-neon": {
    "input_cost_per_token": 3e-6, "output_cost_per_token": 15e-6,
    "cache_read_input_token_cost": 0.15e-6, "max_output_tokens": 65536,
    "as_of": "2026-11-18", "source": "https://github.com/iyulab/TokenMeter/releases/tag/v0.17.0"
  },
  "gemini-4-hydrogen": {
    "input_cost_per_token": 1.5e-6, "output_cost_per_token": 7.5e-6,
    "cache_read_input_token_cost": 0.075e-6, "max_output_tokens": 65536,
    "as_of": "2026-11-14",
    "source": "https://docs.laozhang.ai/announcements/gemini-4-hydrogen-2026-11"
  },
  "gemini-3.8-flash": {
    "input_cost_per_token": 0.75e-6, "output_cost_per_token": 3.75e-6,
    "cache_read_input_token_cost": 0.075e-6, "max_output_tokens": 65536,
    "from": {"2027-01-01": {
      "input_cost_per_token": 1.5e-6, "output_cost_per_token": 7.5e-6,
      "cache_read_input_token_cost": 0.15e-6}},
    "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-3.7-flash": {
    "input_cost_per_token": 0.75e-6, "output_cost_per_token": 3.75e-6,
    "cache_read_input_token_cost": 0.075e-6,
    "from": {"2027-01-01": {
      "input_cost_per_token": 1.5e-6, "output_cost_per_token": 7.5e-6,
      "cache_read_input_token_cost": 0.15e-6}},
    "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-3.6-flash": {
    "input_cost_per_token": 0.75e-6, "output_cost_per_token": 3.75e-6,
    "cache_read_input_token_cost": 0.075e-6, "max_output_tokens": 65536,
    "from": {"2027-01-01": {
      "input_cost_per_token": 1.5e-6, "output_cost_per_token": 7.5e-6,
      "cache_read_input_token_cost": 0.15e-6}},
    "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-3.5-flash": {
    "input_cost_per_token": 1.5e-6, "output_cost_per_token": 9e-6,
    "cache_read_input_token_cost": 0.15e-6, "max_output_tokens": 65536,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-3.5-flash-lite": {
    "input_cost_per_token": 0.3e-6, "output_cost_per_token": 2.5e-6,
    "cache_read_input_token_cost": 0.03e-6, "max_output_tokens": 65536,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-3.1-pro-preview": {
    "input_cost_per_token": 2e-6, "output_cost_per_token": 12e-6,
    "cache_read_input_token_cost": 0.2e-6,
    "input_cost_per_token_above_200k_tokens": 4e-6,
    "output_cost_per_token_above_200k_tokens": 18e-6,
    "cache_read_input_token_cost_above_200k_tokens": 0.4e-6,
    "max_output_tokens": 65536, "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-3.1-flash-lite": {
    "input_cost_per_token": 0.25e-6, "output_cost_per_token": 1.5e-6,
    "cache_read_input_token_cost": 0.025e-6, "max_output_tokens": 65536,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-3-flash-preview": {
    "input_cost_per_token": 0.5e-6, "output_cost_per_token": 3e-6,
    "cache_read_input_token_cost": 0.05e-6, "max_output_tokens": 65536,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-2.5-pro": {
    "input_cost_per_token": 1.25e-6, "output_cost_per_token": 10e-6,
    "cache_read_input_token_cost": 0.125e-6,
    "input_cost_per_token_above_200k_tokens": 2.5e-6,
    "output_cost_per_token_above_200k_tokens": 15e-6,
    "cache_read_input_token_cost_above_200k_tokens": 0.25e-6,
    "max_output_tokens": 65536, "as_of": "2026-09-23",
    "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-2.5-flash": {
    "input_cost_per_token": 0.3e-6, "output_cost_per_token": 2.5e-6,
    "cache_read_input_token_cost": 0.03e-6, "max_output_tokens": 65536,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-2.5-flash-lite": {
    "input_cost_per_token": 0.1e-6, "output_cost_per_token": 0.4e-6,
    "cache_read_input_token_cost": 0.01e-6, "max_output_tokens": 65536,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-embedding-2": {
    "input_cost_per_token": 0.2e-6, "output_cost_per_token": 0,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  },
  "gemini-embedding-001": {
    "input_cost_per_token": 0.15e-6, "output_cost_per_token": 0,
    "as_of": "2026-09-23", "source": "https://github.com/pydantic/genai-prices"
  }
)json";
}

}  // namespace baton::relay
