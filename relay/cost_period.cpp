#include "relay/cost_period.hpp"

namespace baton::relay {

using std::chrono::days;

wall_time day_start(wall_time time, std::chrono::hours utc_offset) {
  return std::chrono::floor<days>(time + utc_offset) - utc_offset;
}

wall_time week_start_at(wall_time time, const week_start& rule, std::chrono::hours utc_offset) {
  // Moved so that the week begins at a midnight.
  const auto moved = utc_offset - std::chrono::hours(rule.hour);
  const auto day = std::chrono::floor<days>(time + moved);
  const int since = static_cast<int>(std::chrono::weekday(day).iso_encoding()) - rule.day;
  return day - days((since % 7 + 7) % 7) - moved;
}

}  // namespace baton::relay
