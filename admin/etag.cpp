#include "admin/etag.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace baton::admin {

// No two states of an object have the same time (storage/store.hpp).
std::string etag_of(wall_time updated_at) {
  return '"' + std::to_string(updated_at.time_since_epoch().count()) + '"';
}

result<void> check_if_match(std::string_view if_match, wall_time updated_at) {
  if (text::trim(if_match).empty()) return {};
  const auto current = etag_of(updated_at);
  const auto tags = text::split(if_match, ',');
  const bool matches = std::any_of(tags.begin(), tags.end(), [&](std::string_view each) {
    return each == "*" || each == current;
  });
  if (matches) return {};
  return changed_meanwhile();
}

error changed_meanwhile() {
  return downstream_error(
      error_code::conflict,
      "This has been changed by somebody else since it was read: read it again, "
      "and change what is there now.");
}

}  // namespace baton::admin
