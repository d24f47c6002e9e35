#include "storage/ledger/ledger_codec.hpp"

#include <random>

#include "storage/ledger/ledger_records.test.hpp"

namespace baton::storage {
namespace {

usage_record read_back(const usage_record& record) {
  const auto bytes = encoded(record);
  std::string_view rest = bytes;
  auto found = read_record(rest).value();
  EXPECT_TRUE(rest.empty());
  return found;
}

usage_record without_number(usage_record record) {
  record.number = 0;
  return record;
}

TEST(ledger_codec, a_record_is_read_as_it_was_written) {
  for (std::uint64_t number = 0; number < 30; ++number) {
    const auto record = without_number(numbered_record(number));
    EXPECT_EQ(read_back(record), record);
  }
}

TEST(ledger_codec, a_usual_record_is_small) {
  EXPECT_LE(encoded(numbered_record(8)).size(), 140u);
}

TEST(ledger_codec, an_empty_record_is_read_as_it_was_written) {
  EXPECT_EQ(read_back({}), usage_record());
}

TEST(ledger_codec, the_largest_and_the_least_numbers_are_read_as_they_were_written) {
  for (const std::int64_t extreme : {INT64_MAX, INT64_MIN, std::int64_t{-1}}) {
    usage_record record;
    record.finished = wall_time(std::chrono::milliseconds(extreme));
    record.tokens = {extreme, extreme, extreme, extreme, extreme, extreme};
    record.cost_nanousd = extreme;
    record.rated_nanousd = extreme / 2;
    record.status = extreme > 0 ? INT32_MAX : INT32_MIN;
    record.attempts = UINT32_MAX;
    record.duration = std::chrono::microseconds(extreme);
    record.time_to_first_byte = std::chrono::microseconds(extreme);
    EXPECT_EQ(read_back(record), record);
  }
}

TEST(ledger_codec, texts_may_hold_anything) {
  const std::string huge(100'000, 'x');
  const std::string zeros("a\0b", 3);
  usage_record record;
  for (auto* const text : {&record.request_id, &record.platform, &record.route, &record.model_asked,
                           &record.price_version, &record.outcome, &record.error}) {
    *text = huge;
  }
  record.model = zeros;
  record.key = key_id(zeros);
  record.account = account_id(huge);
  EXPECT_EQ(read_back(record), record);
}

TEST(ledger_codec, ids_that_are_nearly_of_the_usual_form_are_read_as_they_were_written) {
  for (const std::string id :
       {"", "req_26e5a0e39dda556900000001", "req_26E5a0e39dda556900000001",
        "reg_26e5a0e39dda556900000001", "req_26e5a0e39dda55690000000g",
        "6f1c2d3e-0000-4000-8000-00000000000f", "6F1c2d3e-0000-4000-8000-00000000000f",
        "6f1c2d3e+0000-4000-8000-00000000000f", "6f1c2d3e-0000-4000-8000-00000000000",
        "6f1c2d3e-0000-4000-8000-0000000000-0", "6f1c2d3e-0000-4000-80000-0000000000f"}) {
    usage_record record;
    record.request_id = id;
    record.key = key_id(id);
    record.account = account_id(id);
    EXPECT_EQ(read_back(record), record) << id;
  }
}

TEST(ledger_codec, records_follow_one_another) {
  const auto bytes = encoded(numbered_record(1)) + encoded(numbered_record(2));
  std::string_view rest = bytes;
  EXPECT_EQ(read_record(rest).value(), without_number(numbered_record(1)));
  EXPECT_EQ(read_record(rest).value(), without_number(numbered_record(2)));
  EXPECT_TRUE(rest.empty());
}

TEST(ledger_codec, a_record_cut_short_anywhere_is_an_error) {
  const auto bytes = encoded(numbered_record(28));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::string_view rest = std::string_view(bytes).substr(0, size);
    const auto found = read_record(rest);
    ASSERT_FALSE(found) << size;
    EXPECT_EQ(found.error().code, error_code::storage_failed);
    EXPECT_EQ(rest.size(), size) << "what could not be read is left";
  }
}

TEST(ledger_codec, an_unknown_flag_is_of_a_newer_version) {
  auto bytes = encoded(numbered_record(1));
  bytes[1] = static_cast<char>(bytes[1] | 0x80);
  std::string_view rest = bytes;
  const auto found = read_record(rest);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().text.find("newer version"), std::string::npos) << found.error().text;
}

TEST(ledger_codec, random_bytes_are_read_as_something_or_refused) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = encoded(numbered_record(28));
    const auto changes = 1 + random() % 4;
    for (unsigned i = 0; i < changes; ++i) bytes[random() % bytes.size()] = char(random());
    std::string_view rest = bytes;
    if (const auto found = read_record(rest)) {
      EXPECT_EQ(read_back(*found), *found);
    }
  }
}

}  // namespace
}  // namespace baton::storage
