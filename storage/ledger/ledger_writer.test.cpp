#include "storage/ledger/ledger_writer.hpp"

#include <sys/stat.h>

#include "storage/ledger/ledger_records.test.hpp"

namespace baton::storage {
namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

using ledger_writer_test = ledger_test;

TEST_F(ledger_writer_test, numbers_records_from_one) {
  auto writer = open();
  EXPECT_EQ(writer.last_number(), 0u);
  EXPECT_EQ(append_next(writer, 1).value(), 1u);
  EXPECT_EQ(append_next(writer, 5).value(), 6u);
  EXPECT_EQ(writer.last_number(), 6u);
  ASSERT_TRUE(writer.sync());
  expect_numbers(path_, 1, 6);
}

TEST_F(ledger_writer_test, goes_on_where_the_last_one_ended) {
  {
    auto writer = open();
    append_next(writer, 3).value();
  }
  auto writer = open();
  EXPECT_EQ(writer.last_number(), 3u);
  EXPECT_EQ(append_next(writer, 2).value(), 5u);
  expect_numbers(path_, 1, 5);
}

TEST_F(ledger_writer_test, may_leave_the_disk_to_a_thread_of_its_own) {
  options_.sync_waits = false;
  {
    auto writer = open();
    for (int i = 0; i < 5; ++i) {
      append_next(writer, 400).value();
      EXPECT_TRUE(writer.sync());
    }
  }
  expect_numbers(path_, 1, 2000);
}

TEST_F(ledger_writer_test, keeps_its_files_to_their_owner) {
  auto writer = open();
  for (int i = 0; i < 3; ++i) append_next(writer, 400).value();
  EXPECT_EQ(mode_of(path_), 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    EXPECT_EQ(mode_of(entry.path()), 0600u) << entry.path();
  }
}

TEST_F(ledger_writer_test, makes_folders_above_it) {
  path_ = parent_ / "a" / "b" / "ledger";
  auto writer = open();
  append_next(writer, 1).value();
  expect_numbers(path_, 1, 1);
}

TEST_F(ledger_writer_test, is_the_only_one) {
  auto writer = open();
  const auto second = ledger_writer::open(path_, options_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, error_code::conflict);
  EXPECT_NE(second.error().text.find(path_.string()), std::string::npos) << second.error().text;
}

TEST_F(ledger_writer_test, refuses_options_out_of_range) {
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{65535}, UINT64_MAX}) {
    options_.segment_bytes = bytes;
    EXPECT_EQ(ledger_writer::open(path_, options_).error().code, error_code::invalid_argument);
  }
  options_ = {};
  options_.segment_span = std::chrono::hours(0);
  EXPECT_EQ(ledger_writer::open(path_, options_).error().code, error_code::invalid_argument);
  options_ = {};
  options_.last_number = UINT64_MAX;
  EXPECT_EQ(ledger_writer::open(path_, options_).error().code, error_code::invalid_argument);
}

TEST_F(ledger_writer_test, refuses_frames_without_a_record_or_too_large) {
  auto writer = open();
  const auto time = at_second(0);
  EXPECT_EQ(writer.append("", 1, time, time).error().code, error_code::invalid_argument);
  EXPECT_EQ(writer.append("x", 0, time, time).error().code, error_code::invalid_argument);
  const std::string huge(64 * 1024 * 1024 + 1, 'x');
  EXPECT_EQ(writer.append(huge, 1, time, time).error().code, error_code::invalid_argument);
  EXPECT_EQ(writer.last_number(), 0u);
}

TEST_F(ledger_writer_test, begins_a_segment_when_one_is_full_and_gives_unused_room_back) {
  auto writer = open();
  while (segments().size() < 4) append_next(writer, 100).value();
  const auto firsts = segments();
  for (std::size_t i = 0; i + 1 < firsts.size(); ++i) {
    EXPECT_LT(std::filesystem::file_size(segment(firsts[i])), options_.segment_bytes);
    EXPECT_TRUE(std::filesystem::exists(index(firsts[i])));
  }
  EXPECT_EQ(std::filesystem::file_size(segment(firsts.back())), options_.segment_bytes);
  EXPECT_EQ(std::filesystem::file_size(path_ / "spare"), options_.segment_bytes);
  expect_numbers(path_, 1, writer.last_number());
}

TEST_F(ledger_writer_test, a_frame_larger_than_a_segment_has_one_of_its_own) {
  auto writer = open();
  append_next(writer, 2000).value();
  EXPECT_EQ(segments().size(), 1u) << "an empty segment is made larger";
  append_next(writer, 2000).value();
  append_next(writer, 1).value();
  EXPECT_EQ(segments(), (std::vector<std::uint64_t>{1, 2001, 4001}));
  expect_numbers(path_, 1, 4001);
}

TEST_F(ledger_writer_test, a_segment_does_not_span_more_than_its_time) {
  auto writer = open();
  const auto bytes = encoded(numbered_record(1));
  const auto append_at = [&](std::int64_t hour) {
    writer.append(bytes, 1, at_second(hour * 3600), at_second(hour * 3600)).value();
  };
  append_at(0);
  append_at(24);
  EXPECT_EQ(segments().size(), 1u);
  append_at(25);
  EXPECT_EQ(segments(), (std::vector<std::uint64_t>{1, 3}));
}

TEST_F(ledger_writer_test, never_gives_a_number_that_may_have_been_counted) {
  options_.last_number = 100;
  {
    auto writer = open();
    EXPECT_EQ(writer.last_number(), 100u);
    EXPECT_EQ(append_next(writer, 1).value(), 101u);
  }
  {
    options_.last_number = 50;
    EXPECT_EQ(open().last_number(), 101u);
  }
  options_.last_number = 500;
  auto writer = open();
  EXPECT_EQ(append_next(writer, 2).value(), 502u);
  const auto found = all_records(path_);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[1], numbered_record(501));
}

TEST_F(ledger_writer_test, removes_segments_whose_records_are_all_old) {
  auto writer = open();
  while (segments().size() < 4) append_next(writer, 100).value();
  const auto firsts = segments();
  EXPECT_EQ(writer.remove_older_than(numbered_record(firsts[1] - 1).finished).value(), 0u)
      << "one of them is not older";
  EXPECT_EQ(writer.remove_older_than(numbered_record(firsts[2]).finished).value(), firsts[2] - 1);
  EXPECT_FALSE(std::filesystem::exists(index(firsts[0])));
  expect_numbers(path_, firsts[2], writer.last_number());
}

TEST_F(ledger_writer_test, numbers_go_on_when_all_records_are_removed) {
  {
    auto writer = open();
    while (segments().size() < 3) append_next(writer, 100).value();
    const auto last = writer.last_number();
    EXPECT_EQ(writer.remove_older_than(at_second(10'000'000)).value(), last);
    EXPECT_EQ(writer.last_number(), last);
    EXPECT_EQ(segments(), std::vector<std::uint64_t>{last + 1});
    EXPECT_EQ(writer.remove_older_than(at_second(10'000'000)).value(), 0u);
  }
  auto writer = open();
  const auto last = writer.last_number();
  EXPECT_GT(last, 0u);
  EXPECT_EQ(append_next(writer, 1).value(), last + 1);
  expect_numbers(path_, last + 1, last + 1);
}

TEST_F(ledger_writer_test, a_record_dated_ahead_does_not_keep_those_behind_it) {
  auto writer = open();
  const auto bytes = encoded(numbered_record(1));
  writer.append(bytes, 1, at_second(0), at_second(1'000'000'000)).value();
  while (segments().size() < 4) append_next(writer, 300).value();
  EXPECT_GT(writer.remove_older_than(at_second(1'000'000)).value(), 0u);
  const auto left = segments();
  EXPECT_EQ(left.front(), 1u);
  EXPECT_EQ(left.size(), 2u) << "the one dated ahead and an empty one";
}

TEST_F(ledger_writer_test, keeps_what_is_not_counted_however_old_and_however_much) {
  auto writer = open();
  while (segments().size() < 5) append_next(writer, 100).value();
  const auto firsts = segments();
  const auto last = writer.last_number();
  EXPECT_EQ(writer.remove_older_than(at_second(10'000'000), firsts[2] - 2).value(), firsts[1] - 1)
      << "the second segment has one that is not counted";
  EXPECT_EQ(writer.keep_at_most(0, firsts[2] - 2).value(), 0u);
  EXPECT_EQ(writer.keep_at_most(0, firsts[2] - 1).value(), firsts[2] - firsts[1]);
  expect_numbers(path_, firsts[2], last);
}

TEST_F(ledger_writer_test, keeps_at_most_so_many_bytes) {
  auto writer = open();
  while (segments().size() < 6) append_next(writer, 100).value();
  const auto before = writer.bytes();
  const auto last = writer.last_number();
  EXPECT_EQ(writer.keep_at_most(before).value(), 0u);
  EXPECT_GT(writer.keep_at_most(before / 2).value(), 0u);
  EXPECT_LE(writer.bytes(), before / 2);
  expect_numbers(path_, segments().front(), last);
  EXPECT_GT(writer.keep_at_most(0).value(), 0u);
  EXPECT_EQ(segments().size(), 1u);
  EXPECT_EQ(writer.last_number(), last);
}

TEST_F(ledger_writer_test, tells_how_many_bytes_it_has_as_it_did_before_it_was_opened_again) {
  std::uint64_t before = 0;
  {
    auto writer = open();
    while (segments().size() < 4) append_next(writer, 100).value();
    before = writer.bytes();
    EXPECT_GT(before, 3 * options_.segment_bytes / 2);
  }
  EXPECT_EQ(open().bytes(), before);
}

}  // namespace
}  // namespace baton::storage
