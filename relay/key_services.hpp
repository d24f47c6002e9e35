// The services that keys are for, by the names that permissions use.
#pragma once

#include <array>
#include <string_view>

namespace baton::relay {

inline constexpr std::array<std::string_view, 4> key_services = {"claude", "openai", "gemini",
                                                                 "droid"};

}  // namespace baton::relay
