// What is found when sums of usage are held against what they are sums of.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "storage/usage_query.hpp"

namespace baton::storage {

// One row of a store that is not what it should be.
struct usage_disagreement {
  period length = period::hour;
  wall_time start{};
  std::string key;  // ids and names, empty where the row adds them up
  std::string account;
  std::string platform;
  std::string model;
  relay::usage_counts stored;    // nothing but zeros: the row is missing
  relay::usage_counts expected;  // the same: there should be none
};

struct usage_check {
  std::uint64_t rows = 0;  // compared
  std::uint64_t disagreements = 0;
  std::uint64_t mended = 0;
  std::vector<usage_disagreement> shown;  // the first ones

  static constexpr std::size_t shown_max = 100;
  usage_check& operator+=(usage_check&& other);
};

// The records of an hour behind one number, up to and with another, added up.
using hour_rows =
    std::function<result<std::vector<usage_row>>(std::uint64_t after, std::uint64_t up_to)>;

// What to do with rows that are not what they should be. What the records do not show may have been
// there, in a file that is lost or damaged: what is more than they show is left unless it is said
// to be lowered.
enum class repair : std::uint8_t { none, raise, lower_too };

}  // namespace baton::storage
