// What becomes of a ledger whose writer, or whose disk, has failed.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "storage/ledger/ledger_records.test.hpp"

namespace baton::storage {
namespace {

class ledger_recovery_test : public ledger_test {
 protected:
  // A ledger of three frames with a record each; where these frames end in its file.
  std::vector<std::size_t> write_three_frames() {
    std::vector<std::size_t> ends;
    auto writer = open();
    for (int i = 0; i < 3; ++i) {
      append_next(writer, 1).value();
      ends.push_back(writer.bytes());
    }
    return ends;
  }
};

TEST_F(ledger_recovery_test, a_torn_tail_leaves_exactly_the_whole_frames) {
  const auto ends = write_three_frames();
  const auto whole = content_of(segment(1)).substr(0, ends.back());
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    put_content(segment(1), std::string_view(whole).substr(0, size));
    const auto frames =
        std::count_if(ends.begin(), ends.end(), [&](auto end) { return end <= size; });
    {
      auto writer = open();
      ASSERT_EQ(writer.last_number(), static_cast<std::uint64_t>(frames)) << size;
      ASSERT_EQ(append_next(writer, 2).value(), static_cast<std::uint64_t>(frames) + 2);
    }
    ASSERT_NO_FATAL_FAILURE(expect_numbers(path_, 1, static_cast<std::uint64_t>(frames) + 2));
  }
}

TEST_F(ledger_recovery_test, tells_how_much_was_torn) {
  const auto ends = write_three_frames();
  EXPECT_EQ(open().torn_bytes(), 0u);
  const auto whole = content_of(segment(1));
  put_content(segment(1), std::string_view(whole).substr(0, ends[2] - 10));
  EXPECT_EQ(open().torn_bytes(), ends[2] - 10 - ends[1]);
  EXPECT_EQ(open().torn_bytes(), 0u) << "it was cut off";
}

TEST_F(ledger_recovery_test, a_flipped_bit_leaves_the_frames_before_it) {
  const auto ends = write_three_frames();
  const auto whole = content_of(segment(1));
  for (std::size_t at = ledger::segment_header_bytes; at < ends.back(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    put_content(segment(1), damaged);
    const auto frames =
        std::count_if(ends.begin(), ends.end(), [&](auto end) { return end <= at; });
    ASSERT_NO_FATAL_FAILURE(expect_numbers(path_, 1, static_cast<std::uint64_t>(frames))) << at;
    auto writer = open();
    ASSERT_EQ(writer.last_number(), static_cast<std::uint64_t>(frames)) << at;
  }
}

TEST_F(ledger_recovery_test, a_damaged_header_of_a_segment_loses_no_record) {
  write_three_frames();
  const auto whole = content_of(segment(1));
  for (std::size_t at = 0; at < ledger::segment_header_bytes; ++at) {
    if (at >= 8 && at < 12) continue;  // the version
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    put_content(segment(1), damaged);
    ASSERT_NO_FATAL_FAILURE(expect_numbers(path_, 1, 3));
    ASSERT_EQ(open().last_number(), 3u);
    const auto mended = ledger::read_segment_header(content_of(segment(1))).value();
    ASSERT_TRUE(mended && mended->first_number == 1) << at;
  }
}

TEST_F(ledger_recovery_test, what_a_newer_version_wrote_is_refused_and_left_alone) {
  write_three_frames();
  auto newer = content_of(segment(1));
  newer[8] = 2;
  put_content(segment(1), newer);
  const auto opened = ledger_writer::open(path_, options_);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text.find("newer version"), std::string::npos) << opened.error().text;
  EXPECT_FALSE(ledger_reader(path_).page({}));
  EXPECT_EQ(content_of(segment(1)), newer);
}

TEST_F(ledger_recovery_test, a_segment_of_zeros_is_taken_as_new) {
  put_content((std::filesystem::create_directories(path_), segment(77)), std::string(1000, '\0'));
  auto writer = open();
  EXPECT_EQ(append_next(writer, 2).value(), 78u);
  EXPECT_EQ(all_records(path_).size(), 2u);
}

TEST_F(ledger_recovery_test, a_spare_with_a_header_in_it_is_used_all_the_same) {
  { write_three_frames(); }
  const auto header = ledger::to_bytes(ledger::segment_header{999, at_second(0)});
  put_content(path_ / "spare", std::string(header.data(), header.size()));
  auto writer = open();
  while (segments().size() < 3) append_next(writer, 100).value();
  expect_numbers(path_, 1, writer.last_number());
}

TEST_F(ledger_recovery_test, indexes_that_are_missing_or_damaged_are_made_again) {
  {
    auto writer = open();
    while (segments().size() < 4) append_next(writer, 100).value();
  }
  const auto firsts = segments();
  const auto made = content_of(index(firsts[0]));
  std::filesystem::remove(index(firsts[0]));
  put_content(index(firsts[1]), content_of(index(firsts[1])).substr(0, 500));
  put_content(index(firsts[2]), made);
  put_content(path_ / "00000000000000000777.idx", made);
  put_content(path_ / "00000000000000000001.idx.new", "half");
  open();
  EXPECT_EQ(content_of(index(firsts[0])), made);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(ledger::map_index(ledger::folder(path_), firsts[i])) << firsts[i];
  }
  EXPECT_FALSE(std::filesystem::exists(path_ / "00000000000000000777.idx"));
  EXPECT_FALSE(std::filesystem::exists(path_ / "00000000000000000001.idx.new"));
}

// Runs `work` in a process of its own that cannot write files beyond so many bytes until it calls
// lift_limit(); whether `work` says that all is well.
void lift_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

void set_limit(rlim_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

template <class Work>
bool succeeds_in_a_child(Work work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work() ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(ledger_recovery_test, a_write_that_fails_leaves_nothing_and_can_be_tried_again) {
  // 20 kB is no multiple of a frame: the write that fails is a short one.
  EXPECT_TRUE(succeeds_in_a_child([&] {
    set_limit(20'000);
    auto writer = open();
    while (append_next(writer, 10)) {
    }
    const auto kept = writer.last_number();
    const bool fails_again = !append_next(writer, 10) && !append_next(writer, 10);
    const bool smaller_fits = append_next(writer, 1).has_value();
    lift_limit();
    const bool works_again = append_next(writer, 10).has_value() && writer.sync();
    return kept > 100 && fails_again && works_again &&
           writer.last_number() == kept + 10 + (smaller_fits ? 1 : 0);
  }));
  const auto last = open().last_number();
  EXPECT_GT(last, 110u);
  expect_numbers(path_, 1, last);
}

TEST_F(ledger_recovery_test, a_full_disk_has_room_for_what_was_reserved) {
  {
    auto writer = open();
    append_next(writer, 10).value();
  }
  std::uint64_t last = 0;
  // No file may become longer, which is how a full disk looks to a writer with reserved files.
  EXPECT_TRUE(succeeds_in_a_child([&] {
    auto writer = open();
    set_limit(options_.segment_bytes);
    std::uint64_t appended = 0;
    while (segments().size() < 3 && append_next(writer, 10)) appended += 10;
    return appended > 500;
  }));
  last = open().last_number();
  EXPECT_GT(last, 500u);
  expect_numbers(path_, 1, last);
}

TEST_F(ledger_recovery_test, an_index_that_cannot_be_written_does_not_stop_the_writer) {
  EXPECT_TRUE(succeeds_in_a_child([&] {
    auto writer = open();
    while (writer.last_number() < 300) append_next(writer, 100).value();
    set_limit(1000);  // too little for an index, or anything else
    const bool refused = !append_next(writer, 700);
    lift_limit();
    const bool works_again = append_next(writer, 700).has_value();
    const bool postponed = !std::filesystem::exists(index(1));
    const bool tidied = writer.keep_at_most(UINT64_MAX).has_value();
    return refused && works_again && postponed && tidied && std::filesystem::exists(index(1));
  }));
  expect_numbers(path_, 1, 1000);
}

TEST_F(ledger_recovery_test, what_was_appended_survives_a_kill_without_a_gap_or_a_double) {
  std::uint64_t last = 0;
  for (int round = 0; round < 5; ++round) {
    int told[2];
    ASSERT_EQ(::pipe(told), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto writer = open();
      for (std::uint32_t count = 1;; count = count % 50 + 1) {
        const std::uint64_t number = append_next(writer, count).value();
        if (::write(told[1], &number, sizeof(number)) != sizeof(number)) ::_exit(1);
      }
    }
    ::close(told[1]);
    std::uint64_t number = 0;
    const auto wanted = last + 900 + 137 * static_cast<std::uint64_t>(round);
    while (number < wanted && ::read(told[0], &number, sizeof(number)) == sizeof(number)) {
    }
    ::kill(child, SIGKILL);
    while (::read(told[0], &number, sizeof(number)) == sizeof(number)) {
    }
    ::waitpid(child, nullptr, 0);
    ::close(told[0]);
    last = open().last_number();
    EXPECT_GE(number, wanted);
    EXPECT_GE(last, number);
    ASSERT_NO_FATAL_FAILURE(expect_numbers(path_, 1, last));
  }
}

}  // namespace
}  // namespace baton::storage
