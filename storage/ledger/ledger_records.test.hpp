// Records for tests of the ledger, and ways to write and read many of them.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "storage/ledger/ledger_reader.hpp"
#include "storage/ledger/ledger_writer.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::storage {

inline wall_time at_second(std::int64_t second) {
  return wall_time(std::chrono::seconds(1'750'000'000 + second));
}

// A plausible record of the number; those of different numbers are different.
inline usage_record numbered_record(std::uint64_t number) {
  const std::string digits = std::to_string(number % 10);
  usage_record record;
  record.number = number;
  record.request_id = "req_26e5a0e39dda5569000000" + digits + "f";
  record.finished = at_second(static_cast<std::int64_t>(number));
  record.key = key_id("6f1c2d3e-0000-4000-8000-00000000000" + digits);
  record.account = account_id("7f1c2d3e-0000-4000-8000-00000000000" + std::to_string(number % 3));
  record.platform = number % 2 == 0 ? "claude-console" : "openai";
  record.route = "messages";
  record.model = "model-" + std::to_string(number % 5);
  record.model_asked = number % 7 == 0 ? "alias" : record.model;
  record.tokens = {static_cast<std::int64_t>(number), 20, 30, 40, 50, 60};
  record.cost_nanousd = 1'234'567;
  record.rated_nanousd = number % 4 == 0 ? 2'345'678 : record.cost_nanousd;
  record.price_version = "2025-11-01";
  record.counted = true;
  record.status = 200;
  record.outcome = "completed";
  record.attempts = 1;
  record.duration = std::chrono::microseconds(1'500'000);
  if (number % 2 == 0) record.time_to_first_byte = std::chrono::microseconds(350'000);
  return record;
}

inline std::string encoded(const usage_record& record) {
  std::string bytes;
  append_record(bytes, view_of(record));
  return bytes;
}

// Appends the next `count` numbered records as one frame.
inline result<std::uint64_t> append_next(ledger_writer& writer, std::uint32_t count) {
  std::string bytes;
  const auto first = writer.last_number() + 1;
  for (std::uint64_t number = first; number < first + count; ++number) {
    append_record(bytes, view_of(numbered_record(number)));
  }
  return writer.append(bytes, count, numbered_record(first).finished,
                       numbered_record(first + count - 1).finished);
}

inline std::vector<usage_record> all_records(const std::filesystem::path& folder,
                                             std::uint64_t after = 0) {
  std::vector<usage_record> found;
  ledger_reader reader(folder);
  const auto visited =
      reader.each_after(after, [&](std::uint64_t number, const usage_record_view& record) {
        found.push_back(to_record(record, number));
        return result<bool>(true);
      });
  EXPECT_TRUE(visited) << visited.error().text;
  return found;
}

// That the ledger has exactly the numbered records from `first` to `last`.
inline void expect_numbers(const std::filesystem::path& folder, std::uint64_t first,
                           std::uint64_t last) {
  const auto found = all_records(folder);
  ASSERT_EQ(found.size(), last + 1 - first);
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], numbered_record(first + i));
}

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void put_content(const std::filesystem::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(content.data(), static_cast<std::streamsize>(content.size()));
}

class ledger_test : public ::testing::Test {
 protected:
  ledger_test() { options_.segment_bytes = 64 * 1024; }

  ledger_writer open() { return ledger_writer::open(path_, options_).value(); }
  std::filesystem::path segment(std::uint64_t first) {
    return ledger::folder(path_).segment(first);
  }
  std::filesystem::path index(std::uint64_t first) { return ledger::folder(path_).index(first); }
  std::vector<std::uint64_t> segments() { return ledger::folder(path_).segments().value(); }

  test_support::temp_dir parent_;
  std::filesystem::path path_ = parent_ / "ledger";
  ledger_options options_;
};

}  // namespace baton::storage
