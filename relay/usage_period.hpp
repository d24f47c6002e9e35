// How usage is told apart when it is asked for.
#pragma once

#include <cstdint>
#include <string_view>

namespace baton::relay {

enum class usage_period : std::uint8_t { hour, day, month, all };

enum class usage_group : std::uint8_t { none, key, account, model, platform };

std::string_view to_string(usage_period period);
std::string_view to_string(usage_group group);

}  // namespace baton::relay
