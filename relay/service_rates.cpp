#include "relay/service_rates.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "relay/platform.hpp"

namespace baton::relay {
namespace {

__extension__ typedef __int128 wide_int;
__extension__ typedef unsigned __int128 wide_unsigned;

std::int64_t global_rate(const service_rates& global, std::string_view service) {
  if (service == "claude") return global.claude;
  if (service == "codex") return global.codex;
  if (service == "gemini") return global.gemini;
  if (service == "bedrock") return global.bedrock;
  if (service == "azure") return global.azure;
  return rate_one;
}

std::int64_t key_rate(const api_key& key, std::string_view service) {
  if (key.service_rates.empty()) return rate_one;
  const auto found = key.service_rates.find(std::string(service));
  return found == key.service_rates.end() ? rate_one : found->second;
}

wide_int product(const rates& both) {
  return wide_int{both.service} * both.key;
}

}  // namespace

// By the first part of the id, which is the vendor's: claude-console, gemini-api, azure-openai.
std::string_view service_of(std::string_view platform) {
  const auto vendor = platform.substr(0, platform.find('-'));
  if (vendor == "openai") return "codex";
  for (const std::string_view service : {"claude", "gemini", "bedrock", "azure"}) {
    if (vendor == service) return service;
  }
  return {};
}

rates rates_of(const service_rates& global, std::string_view platform, const api_key& key) {
  const auto service = service_of(platform);
  return {global_rate(global, service), key_rate(key, service)};
}

rates highest_rates(const service_rates& global, const api& protocol, const api_key& key) {
  rates highest{0, 0};
  for (const auto* each : platforms()) {
    if (!each->answers(protocol)) continue;
    const auto of_each = rates_of(global, each->id(), key);
    if (product(of_each) >= product(highest)) highest = of_each;
  }
  return highest;
}

std::int64_t rated(std::int64_t nanousd, std::int64_t service_millionths,
                   std::int64_t key_millionths) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr wide_unsigned one = wide_unsigned{rate_one} * rate_one;
  const auto positive = [](std::int64_t n) {
    return static_cast<wide_unsigned>(std::max<std::int64_t>(n, 0));
  };
  const auto rate = positive(service_millionths) * positive(key_millionths);
  const auto amount = positive(nanousd);
  if (rate == 0 || amount == 0) return 0;
  if (rate > (~wide_unsigned{0} - one / 2) / amount) return most;
  const auto exact = (rate * amount + one / 2) / one;
  return static_cast<std::int64_t>(std::min<wide_unsigned>(exact, most));
}

}  // namespace baton::relay
