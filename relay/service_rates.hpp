// Rates: what an operator charges in relation to what a provider does. One for each service, for
// everybody, and one for each key and service; both count. The services are those of v1:
// claude, codex (OpenAI's), gemini, bedrock, azure.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "relay/api.hpp"
#include "relay/api_key.hpp"

namespace baton::relay {

inline constexpr std::array<std::string_view, 5> rated_services = {"claude", "codex", "gemini",
                                                                   "bedrock", "azure"};
inline constexpr std::string_view rated_services_text = "claude, codex, gemini, bedrock, azure";

inline constexpr std::int64_t rate_one = 1'000'000;  // rates are in millionths
inline constexpr std::int64_t service_rate_max = 1'000 * rate_one;

struct service_rates {
  std::int64_t claude = rate_one;
  std::int64_t codex = rate_one;
  std::int64_t gemini = rate_one;
  std::int64_t bedrock = rate_one;
  std::int64_t azure = rate_one;
};

// Those that hold for one request, in millionths.
struct rates {
  std::int64_t service = rate_one;
  std::int64_t key = rate_one;
  friend bool operator==(const rates&, const rates&) = default;
};

// The service that a platform's accounts belong to, by the platform's id; empty: none, so that
// nothing but 1 can be its rate.
std::string_view service_of(std::string_view platform);

// Of a request that an account of this platform has served.
rates rates_of(const service_rates& global, std::string_view platform, const api_key& key);

// Of a request whose account is not chosen yet: the highest that it can come to.
rates highest_rates(const service_rates& global, const api& protocol, const api_key& key);

// `nanousd` times both rates, rounded half up once. Less than nothing is nothing; what is too much
// for the type is its largest value.
std::int64_t rated(std::int64_t nanousd, std::int64_t service_millionths,
                   std::int64_t key_millionths);

}  // namespace baton::relay
