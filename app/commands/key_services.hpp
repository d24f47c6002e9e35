// The services that keys are for, by the names that permissions and rates use.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace baton::app {

inline constexpr std::array<std::string_view, 4> key_services = {"claude", "openai", "gemini",
                                                                 "droid"};
inline constexpr std::string_view key_services_text = "claude, openai, gemini, droid";

inline bool is_key_service(std::string_view name) {
  return std::find(key_services.begin(), key_services.end(), name) != key_services.end();
}

}  // namespace baton::app
