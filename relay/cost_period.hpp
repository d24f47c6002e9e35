// Where the periods of cost limits begin: days at midnight, weeks at a key's hour of its day, both
// in an offset from UTC of whole hours that knows no daylight saving.
#pragma once

#include <chrono>

#include "base/time.hpp"
#include "relay/api_key.hpp"

namespace baton::relay {

// Start of the period that `time` lies in.
wall_time day_start(wall_time time, std::chrono::hours utc_offset);
wall_time week_start_at(wall_time time, const week_start& rule, std::chrono::hours utc_offset);

}  // namespace baton::relay
