// One record of the ledger as bytes: about 140 of them. A record does not hold its number, which
// follows from its place; see segment_format.hpp for what surrounds it.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "storage/usage_record.hpp"

namespace baton::storage {

// A usage_record without its number whose texts belong to somebody else.
struct usage_record_view {
  std::string_view request_id;
  wall_time finished{};
  std::string_view key;
  std::string_view account;
  std::string_view platform;
  std::string_view route;
  std::string_view model_asked;
  std::string_view model;
  relay::token_usage tokens;
  std::int64_t cost_nanousd = 0;
  std::int64_t rated_nanousd = 0;
  std::string_view price_version;
  bool priced_by_fallback = false;
  bool usage_estimated = false;
  bool stream = false;
  bool counted = false;
  int status = 0;
  std::string_view outcome;
  std::string_view error;
  std::uint32_t attempts = 0;
  std::chrono::microseconds duration{0};
  std::optional<std::chrono::microseconds> time_to_first_byte;

  friend bool operator==(const usage_record_view&, const usage_record_view&) = default;
};

usage_record_view view_of(const usage_record& record);
usage_record to_record(const usage_record_view& view, std::uint64_t number);

// Appends the record's bytes. Allocates nothing but the buffer's growth. Every record is read back
// as it was, also one with negative numbers or huge texts.
void append_record(std::string& bytes, const usage_record_view& record);

// Reads records one after the other without allocating.
class record_decoder {
 public:
  // Takes one record off the front of `bytes`. The texts of `record` lie in `bytes` or in here, and
  // stay until the next call. Errors: storage_failed when the bytes are cut short, no record, or
  // written by a newer version; `bytes` is then as it was.
  result<void> read(std::string_view& bytes, usage_record_view& record);

 private:
  std::array<char, 28> request_id_;
  std::array<char, 36> key_;
  std::array<char, 36> account_;
};

// Takes one record off the front; its number is 0. Errors as above.
result<usage_record> read_record(std::string_view& bytes);

}  // namespace baton::storage
