#include "storage/ledger/ledger_reader.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "storage/ledger/ledger_records.test.hpp"

namespace baton::storage {
namespace {

class ledger_reader_test : public ledger_test {
 protected:
  // Ids of many keys, some of them rare; times that go back and forth; frames of any size.
  std::vector<usage_record> write_random(std::mt19937& random, std::size_t count) {
    std::vector<usage_record> written;
    auto writer = open();
    while (written.size() < count) {
      const std::uint32_t frame = 1 + random() % 60;
      std::string bytes;
      wall_time first = wall_time::max(), last = wall_time::min();
      for (std::uint32_t i = 0; i < frame; ++i) {
        auto record = numbered_record(written.size() + 1);
        record.finished = at_second(static_cast<std::int64_t>(written.size()) * 7) -
                          std::chrono::milliseconds(random() % 100'000);
        record.key = key_id("key-" + std::to_string(random() % (1 + random() % 40)));
        record.account = account_id("account-" + std::to_string(random() % 4));
        record.model = "model-" + std::to_string(random() % (1 + random() % 10));
        append_record(bytes, view_of(record));
        first = std::min(first, record.finished);
        last = std::max(last, record.finished);
        written.push_back(std::move(record));
      }
      writer.append(bytes, frame, first, last).value();
    }
    return written;
  }

  static record_query random_query(std::mt19937& random, const std::vector<usage_record>& written) {
    const auto any = [&]() -> const usage_record& { return written[random() % written.size()]; };
    record_query query;
    query.limit = 1 + random() % 80;
    for (auto n = random() % 4; n > 1; --n) query.keys.push_back(any().key);
    for (auto n = random() % 4; n > 2; --n) query.accounts.push_back(any().account);
    for (auto n = random() % 5; n > 2; --n) query.models.push_back(any().model);
    if (random() % 4 == 0) query.platforms.push_back(any().platform);
    if (random() % 10 == 0) query.keys.emplace_back("nobody");
    if (random() % 3 == 0) query.from = any().finished;
    if (random() % 3 == 0) query.to = any().finished;
    if (random() % 3 == 0) query.before = random() % (written.size() + 10);
    return query;
  }

  template <class Values, class Value>
  static bool allows(const Values& values, const Value& value) {
    return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
  }

  // By looking at every record.
  static std::vector<usage_record> expected(const record_query& query,
                                            const std::vector<usage_record>& written) {
    std::vector<usage_record> found;
    for (auto r = written.rbegin(); r != written.rend() && found.size() < query.limit; ++r) {
      const bool wanted = allows(query.keys, r->key) && allows(query.accounts, r->account) &&
                          allows(query.models, r->model) && allows(query.platforms, r->platform) &&
                          (!query.from || r->finished >= *query.from) &&
                          (!query.to || r->finished < *query.to) &&
                          (!query.before || r->number < *query.before);
      if (wanted) found.push_back(*r);
    }
    return found;
  }

  void expect_random_queries_answered(std::mt19937& random, ledger_reader& reader,
                                      const std::vector<usage_record>& written, int queries) {
    for (int i = 0; i < queries; ++i) {
      const auto query = random_query(random, written);
      const auto page = reader.page(query).value();
      ASSERT_EQ(page.records, expected(query, written)) << "query " << i;
      ASSERT_EQ(page.next.has_value(), page.records.size() == query.limit);
    }
  }
};

TEST_F(ledger_reader_test, a_ledger_that_is_not_there_is_empty) {
  ledger_reader reader(path_);
  EXPECT_TRUE(reader.page({}).value().records.empty());
  EXPECT_FALSE(reader.page({}).value().next);
  EXPECT_TRUE(all_records(path_).empty());
}

TEST_F(ledger_reader_test, refuses_a_limit_out_of_range) {
  ledger_reader reader(path_);
  for (const std::size_t limit : {std::size_t{0}, std::size_t{10'001}}) {
    record_query query;
    query.limit = limit;
    EXPECT_EQ(reader.page(query).error().code, error_code::invalid_argument);
  }
}

TEST_F(ledger_reader_test, pages_lead_through_all_records_from_the_newest_to_the_oldest) {
  auto writer = open();
  while (segments().size() < 4) append_next(writer, 100).value();
  ledger_reader reader(path_);
  record_query query;
  query.limit = 77;
  std::uint64_t expected_number = writer.last_number();
  do {
    const auto page = reader.page(query).value();
    for (const auto& record : page.records) ASSERT_EQ(record, numbered_record(expected_number--));
    query.before = page.next;
  } while (query.before);
  EXPECT_EQ(expected_number, 0u);
}

TEST_F(ledger_reader_test, finds_what_looking_at_every_record_finds) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto written = write_random(random, 6000);
  ASSERT_GT(segments().size(), 5u);
  ledger_reader reader(path_);
  expect_random_queries_answered(random, reader, written, 500);
}

TEST_F(ledger_reader_test, finds_the_same_without_indexes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto written = write_random(random, 3000);
  for (const auto first : segments()) std::filesystem::remove(index(first));
  ledger_reader reader(path_);
  expect_random_queries_answered(random, reader, written, 100);
}

TEST_F(ledger_reader_test, a_damaged_index_makes_no_answer_wrong) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto written = write_random(random, 1200);
  const auto first = segments().front();
  const auto whole = content_of(index(first));
  for (int round = 0; round < 150; ++round) {
    auto damaged = whole;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 << random() % 8);
    if (random() % 4 == 0) damaged.resize(random() % damaged.size());
    put_content(index(first), damaged);
    ledger_reader reader(path_);
    expect_random_queries_answered(random, reader, written, 10);
  }
}

TEST_F(ledger_reader_test, sees_what_is_appended_after_it_was_made) {
  auto writer = open();
  ledger_reader reader(path_);
  for (int i = 0; i < 40; ++i) {
    append_next(writer, 50).value();
    const auto page = reader.page({}).value();
    ASSERT_EQ(page.records.size(), std::min<std::size_t>(100, writer.last_number()));
    ASSERT_EQ(page.records.front(), numbered_record(writer.last_number()));
  }
  EXPECT_GT(segments().size(), 2u);
}

TEST_F(ledger_reader_test, records_that_are_removed_are_as_if_they_had_never_been) {
  auto writer = open();
  while (segments().size() < 4) append_next(writer, 100).value();
  ledger_reader reader(path_);
  record_query query;
  query.keys = {numbered_record(1).key};
  query.limit = 10'000;
  const auto before = reader.page(query).value().records.size();
  ASSERT_GT(writer.remove_older_than(numbered_record(segments()[2]).finished).value(), 0u);
  const auto after = reader.page(query).value().records;
  EXPECT_LT(after.size(), before);
  EXPECT_GE(after.back().number, segments().front());
}

TEST_F(ledger_reader_test, visits_what_follows_a_number) {
  auto writer = open();
  while (segments().size() < 4) append_next(writer, 100).value();
  const auto last = writer.last_number();
  for (const std::uint64_t after : {std::uint64_t{0}, std::uint64_t{1}, segments()[1] - 1,
                                    segments()[1], segments()[2] - 2, last - 1, last, last + 5}) {
    const auto found = all_records(path_, after);
    ASSERT_EQ(found.size(), after < last ? last - after : 0) << after;
    if (!found.empty()) {
      EXPECT_EQ(found.front(), numbered_record(after + 1));
    }
  }
}

TEST_F(ledger_reader_test, a_visitor_may_stop_or_fail) {
  auto writer = open();
  append_next(writer, 10).value();
  ledger_reader reader(path_);
  const auto stopped = reader.each_after(
      2, [](std::uint64_t number, const usage_record_view&) { return result<bool>(number < 5); });
  EXPECT_EQ(stopped.value(), 5u);
  const auto failed = reader.each_after(2, [](std::uint64_t, const usage_record_view&) {
    return result<bool>(internal_error(error_code::internal, "no"));
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().text, "no");
}

TEST_F(ledger_reader_test, visits_what_was_finished_in_a_time) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto written = write_random(random, 3000);
  ledger_reader reader(path_);
  for (int round = 0; round < 30; ++round) {
    record_query query;
    query.from = written[random() % written.size()].finished;
    query.to = written[random() % written.size()].finished;
    const std::uint64_t up_to = random() % 3100;
    query.before = up_to + 1;
    query.limit = written.size();
    auto wanted = expected(query, written);
    std::reverse(wanted.begin(), wanted.end());
    std::vector<usage_record> found;
    const auto visited = reader.each_between(
        *query.from, *query.to, up_to, [&](std::uint64_t number, const usage_record_view& record) {
          found.push_back(to_record(record, number));
          return result<bool>(true);
        });
    ASSERT_TRUE(visited);
    ASSERT_EQ(found, wanted);
  }
  EXPECT_EQ(reader.damaged_frames(), 0u);
}

TEST_F(ledger_reader_test, goes_on_with_the_next_segment_where_one_is_damaged) {
  auto writer = open();
  while (segments().size() < 4) append_next(writer, 100).value();
  const auto firsts = segments();
  auto damaged = content_of(segment(firsts[1]));
  damaged[damaged.size() / 2] ^= 1;
  put_content(segment(firsts[1]), damaged);
  ledger_reader reader(path_);
  std::uint64_t before = 0, visited = 0;
  const auto last = reader.each_after(0, [&](std::uint64_t number, const usage_record_view&) {
    EXPECT_GT(number, before);
    before = number;
    ++visited;
    return result<bool>(true);
  });
  EXPECT_EQ(last.value(), writer.last_number());
  EXPECT_EQ(reader.damaged_frames(), 1u);
  EXPECT_LT(visited, writer.last_number());
  EXPECT_GT(visited, writer.last_number() - (firsts[2] - firsts[1]));
}

TEST_F(ledger_reader_test, a_frame_that_has_not_the_records_it_says_is_damaged_as_a_whole) {
  auto writer = open();
  append_next(writer, 3).value();
  const auto bytes = encoded(numbered_record(4)) + "no record";
  writer.append(bytes, 2, at_second(4), at_second(5)).value();
  ledger_reader reader(path_);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(reader.page({}).value().records.size(), 3u);
    record_query query;
    query.keys = {numbered_record(4).key};
    EXPECT_TRUE(reader.page(query).value().records.empty());
  }
}

TEST_F(ledger_reader_test, a_segment_cut_short_counts_as_damaged) {
  auto writer = open();
  while (segments().size() < 3) append_next(writer, 100).value();
  std::filesystem::resize_file(segment(1), 20'000);
  ledger_reader reader(path_);
  ASSERT_TRUE(reader.each_after(
      0, [](std::uint64_t, const usage_record_view&) { return result<bool>(true); }));
  EXPECT_EQ(reader.damaged_frames(), 1u);
  EXPECT_FALSE(reader.page({}).value().records.empty());
}

TEST_F(ledger_reader_test, files_of_other_names_are_no_segments) {
  auto writer = open();
  append_next(writer, 3).value();
  for (const auto* name : {"x.log", "00000000000000000000.log", "99999999999999999999.log",
                           "0000000000000000000a.log", "1.log"}) {
    put_content(path_ / name, "not ours");
  }
  expect_numbers(path_, 1, 3);
}

// Whole frames only, in order, while they are written, sealed, indexed and removed.
TEST_F(ledger_reader_test, reads_while_another_thread_writes) {
  auto writer = open();
  append_next(writer, 1).value();
  std::atomic<bool> done = false;
  std::thread writing([&] {
    for (int i = 0; i < 400; ++i) {
      append_next(writer, 1 + static_cast<std::uint32_t>(i) % 60).value();
      if (i % 100 == 99) writer.keep_at_most(200'000).value();
    }
    done = true;
  });
  ledger_reader reader(path_);
  record_query query;
  query.keys = {numbered_record(3).key};
  while (!done) {
    std::uint64_t before = 0;
    const auto visited =
        reader.each_after(0, [&](std::uint64_t number, const usage_record_view& record) {
          EXPECT_GT(number, before);
          before = number;
          EXPECT_EQ(record, view_of(numbered_record(number)));
          return result<bool>(!testing::Test::HasFailure());
        });
    EXPECT_TRUE(visited);
    const auto page = reader.page(query).value();
    for (const auto& record : page.records) EXPECT_EQ(record, numbered_record(record.number));
  }
  writing.join();
  EXPECT_EQ(reader.damaged_frames(), 0u);
}

}  // namespace
}  // namespace baton::storage
