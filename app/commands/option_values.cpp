#include "app/commands/option_values.hpp"

#include "base/text.hpp"
#include "base/timestamps.hpp"

namespace baton::app {
namespace {

error unusable(std::string_view option, std::string_view what) {
  return downstream_error(error_code::invalid_argument,
                          std::string(option).append(": ").append(what));
}

}  // namespace

result<wall_time> moment_option(std::string_view option, std::string_view given, wall_time now) {
  if (const auto read = parse_moment(given, now)) return *read;
  return unusable(option,
                  "'" + std::string(given) + "' is no time; allowed: " + std::string(moment_forms));
}

result<std::vector<std::string>> list_option(std::string_view option,
                                             const std::optional<std::string>& given) {
  if (!given) return std::vector<std::string>();
  auto names = text::split(*given, ',');
  if (names.empty()) return unusable(option, "names nothing; allowed: a,b");
  return names;
}

}  // namespace baton::app
