// Days as files write them: 2026-01-31.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace baton::relay {

// Nothing if the text is written otherwise or there is no such day.
std::optional<std::chrono::sys_days> parse_day(std::string_view text);
std::string spell_day(std::chrono::sys_days day);

}  // namespace baton::relay
