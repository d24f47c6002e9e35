// At which of its speeds a provider served a request, as far as its answer says so and its prices
// differ.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace baton::relay {

enum class service_tier : std::uint8_t {
  standard,
  priority,  // OpenAI's, Anthropic's and compatible ones' `service_tier`
  flex,      // OpenAI's
  fast,      // Anthropic's `speed`
};
inline constexpr std::size_t service_tier_count = 4;

inline std::string_view to_string(service_tier tier) {
  constexpr std::string_view names[service_tier_count] = {"standard", "priority", "flex", "fast"};
  return names[static_cast<std::size_t>(tier)];
}

// By the words of the answers; whatever else they say ("default", "auto", "scale") has no prices of
// its own and counts as standard.
inline service_tier service_tier_named(std::string_view name) {
  if (name == "priority") return service_tier::priority;
  if (name == "flex") return service_tier::flex;
  return name == "fast" ? service_tier::fast : service_tier::standard;
}

}  // namespace baton::relay
