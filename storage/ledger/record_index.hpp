// Where the records of one segment are, by what they are asked for. Positions count the records of
// a segment from 0.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace baton::storage::ledger {

// What has a list of positions for each of its values. Stored in this order.
enum class column : std::uint8_t { key, account, model, platform };
constexpr std::size_t column_count = 4;

struct record_place {
  std::uint32_t offset = 0;  // of its first byte in the segment
  std::uint32_t second = 0;  // whole ones from the segment's earliest record to this one
};

// As record_place has them: a difference that does not fit is the largest that does.
inline std::uint32_t seconds_between(wall_time earliest, wall_time time) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  const auto difference = static_cast<std::uint64_t>(time.time_since_epoch().count()) -
                          static_cast<std::uint64_t>(earliest.time_since_epoch().count());
  return time <= earliest ? 0 : static_cast<std::uint32_t>(std::min(difference / 1000, most));
}

struct index_summary {
  std::uint64_t first_number = 0;
  std::uint32_t records = 0;
  std::uint64_t segment_bytes = 0;  // up to the end of the last record
  wall_time earliest{};             // of the times at which the requests were finished
  wall_time latest{};
};

class record_index {
 public:
  virtual ~record_index() = default;

  virtual const index_summary& summary() const = 0;
  // How many records have this value.
  virtual std::uint32_t count(column which, std::string_view value) const = 0;
  // Appends their positions, ascending. False: the index is damaged.
  virtual bool find(column which, std::string_view value,
                    std::vector<std::uint32_t>& positions) const = 0;
  // Nothing: the index is damaged, or has no such position.
  virtual std::optional<record_place> place(std::uint32_t position) const = 0;
};

}  // namespace baton::storage::ledger
