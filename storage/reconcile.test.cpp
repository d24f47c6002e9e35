#include "storage/reconcile.hpp"

#include <gtest/gtest.h>

#include "storage/ledger/ledger_codec.hpp"
#include "storage/ledger/ledger_writer.hpp"
#include "storage/sqlite_store.hpp"
#include "storage/usage_tally.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::storage {
namespace {

using std::chrono::days;
using std::chrono::hours;

// At noon of the second day of a month, so that the periods before it are whole.
const wall_time now = std::chrono::sys_days(std::chrono::year(2026) / 5 / 2) + hours(12);

class reconciling : public testing::Test {
 protected:
  static usage_record record(wall_time finished, const std::string& key = "k") {
    usage_record made;
    made.finished = finished;
    made.key = key_id(key);
    made.account = account_id("a");
    made.platform = "claude-console";
    made.model = "opus";
    made.tokens = {.input = 10, .output = 3};
    made.cost_nanousd = 500;
    made.rated_nanousd = 600;
    made.counted = true;
    return made;
  }
  // To the ledger only.
  std::uint64_t write(const std::vector<usage_record>& records) {
    std::string bytes;
    for (const auto& each : records) append_record(bytes, view_of(each));
    return writer_
        .append(bytes, static_cast<std::uint32_t>(records.size()), records.front().finished,
                records.back().finished)
        .value();
  }
  // And counted.
  void serve(const std::vector<usage_record>& records) {
    usage_tally tally;
    for (const auto& each : records) tally.add(view_of(each));
    const auto last = write(records);
    ASSERT_TRUE(store_->add_usage(tally.take(), last));
  }
  // A request every half hour, from so long ago until now.
  void serve_for(hours time) {
    for (auto when = now - time; when <= now; when += std::chrono::minutes(30)) {
      serve({record(when), record(when, "other")});
    }
  }
  reconcile_report check(repair what = repair::none) {
    ledger_reader reader(folder_ / "ledger");
    return reconcile(*store_, reader, now,
                     {.hours_since = now - days(180), .days_since = now - days(730), .what = what})
        .value();
  }
  // Behind the store's back.
  void spoil(const std::string& sql) {
    auto database = sqlite::connection::open(folder_ / "baton.db").value();
    ASSERT_TRUE(database.execute(sql));
  }

  const test_support::temp_dir folder_;
  ledger_writer writer_ = std::move(ledger_writer::open(folder_ / "ledger", {}).value());
  std::unique_ptr<store> store_ =
      std::move(open_sqlite_store(folder_ / "baton.db", crypto::key_256{}).value());
};

TEST_F(reconciling, finds_nothing_wrong_where_nothing_is) {
  serve_for(hours(40));
  const auto report = check();
  EXPECT_EQ(report.found.disagreements, 0u);
  EXPECT_EQ(report.hours, 40u) << "and not those after now";
  EXPECT_EQ(report.records, 2u * 80);
  EXPECT_EQ(report.days, 32u) << "from the beginning of the month of the first one";
  EXPECT_EQ(report.months, 2u);
  EXPECT_GT(report.found.rows, 100u);
}

TEST_F(reconciling, has_nothing_to_do_in_an_empty_store) {
  const auto report = check();
  EXPECT_EQ(report.hours + report.days + report.months, 0u);
  EXPECT_EQ(report.found.disagreements, 0u);
}

TEST_F(reconciling, takes_what_is_not_counted_yet_for_no_fault) {
  serve_for(hours(3));
  write({record(now - std::chrono::minutes(10))});
  EXPECT_EQ(check().found.disagreements, 0u);
}

TEST_F(reconciling, leaves_out_the_hour_whose_records_may_have_been_removed) {
  serve({record(now - hours(2) + std::chrono::minutes(20))});
  spoil("UPDATE usage SET requests = 7");
  const auto report = check();
  EXPECT_EQ(report.hours, 1u);
  EXPECT_EQ(report.found.disagreements, 0u) << "hours, days and months are wrong alike";
}

TEST_F(reconciling, finds_and_mends_rows_that_are_wrong_missing_or_too_many) {
  serve_for(hours(10));
  spoil("UPDATE usage SET cost_nanousd = cost_nanousd + 1 WHERE kind = 1 AND start = " +
        std::to_string((now - hours(4)).time_since_epoch().count()));
  spoil("DELETE FROM usage WHERE kind = 11 AND start = " +
        std::to_string((now - hours(3)).time_since_epoch().count()));
  spoil(
      "INSERT INTO usage SELECT kind, start, series + 1000, requests, input, output, cache_read,"
      " cache_write_5m, cache_write_1h, cost_nanousd, reasoning, rated_nanousd,"
      " fallback_requests FROM usage WHERE kind = 31 AND start = " +
      std::to_string((now - hours(2)).time_since_epoch().count()));
  const auto report = check();
  // Two keys' costs, one missing, one too many, and the days that no longer are their hours' sums.
  EXPECT_GE(report.found.disagreements, 4u);
  EXPECT_EQ(report.found.shown.size(), report.found.disagreements);
  EXPECT_EQ(report.found.shown.front().length, period::hour);
  EXPECT_EQ(report.found.shown.front().start, now - hours(4));
  EXPECT_EQ(report.found.shown.front().stored.cost_nanousd, 2 * 500 + 1);
  EXPECT_EQ(report.found.shown.front().expected.cost_nanousd, 2 * 500);
  const auto before = check();
  EXPECT_EQ(before.found.disagreements, report.found.disagreements) << "nothing was mended";
  check(repair::lower_too);
  EXPECT_EQ(check().found.disagreements, 0u);
  usage_query query;
  query.from = now - hours(10);
  EXPECT_EQ(store_->usage(query).value().at(0).requests, 2 * 21);
}

TEST_F(reconciling, lowers_nothing_unless_it_is_told_to) {
  serve_for(hours(10));
  spoil("UPDATE usage SET requests = requests + 5 WHERE kind = 1 AND start = " +
        std::to_string((now - hours(4)).time_since_epoch().count()));
  spoil("DELETE FROM usage WHERE kind = 11 AND start = " +
        std::to_string((now - hours(3)).time_since_epoch().count()));
  const auto report = check(repair::raise);
  EXPECT_GT(report.found.mended, 0u);
  EXPECT_LT(report.found.mended, report.found.disagreements);
  const auto after = check();
  EXPECT_GT(after.found.disagreements, 0u);
  for (const auto& each : after.found.shown) {
    if (each.length == period::hour) {
      EXPECT_GT(each.stored.requests, each.expected.requests);
    }
  }
  check(repair::lower_too);
  EXPECT_EQ(check().found.disagreements, 0u);
}

TEST_F(reconciling, takes_nothing_away_where_the_ledger_is_lost) {
  serve_for(hours(10));
  const auto before = store_->usage({}).value().at(0).requests;
  writer_ = std::move(ledger_writer::open(folder_ / "another", {}).value());
  std::filesystem::remove_all(folder_ / "ledger");
  check(repair::raise);
  EXPECT_EQ(store_->usage({}).value().at(0).requests, before);
}

TEST_F(reconciling, mends_days_and_months_from_their_parts) {
  serve_for(hours(60));
  spoil("UPDATE usage SET requests = requests + 5 WHERE kind IN (2, 33)");
  const auto report = check(repair::lower_too);
  EXPECT_GT(report.found.disagreements, 0u);
  EXPECT_EQ(check().found.disagreements, 0u);
}

TEST_F(reconciling, goes_on_while_requests_are_counted) {
  serve_for(hours(5));
  ledger_reader reader(folder_ / "ledger");
  std::uint64_t periods = 0;
  const auto report = reconcile(*store_, reader, now,
                                {.hours_since = now - days(180),
                                 .days_since = now - days(730),
                                 .what = repair::raise,
                                 .progress = [&](std::uint64_t done, std::uint64_t all) {
                                   ++periods;
                                   EXPECT_EQ(done, periods);
                                   EXPECT_LE(done, all);
                                   serve({record(now - std::chrono::minutes(10))});
                                 }});
  ASSERT_TRUE(report);
  EXPECT_GT(periods, 5u);
  EXPECT_EQ(check().found.disagreements, 0u);
}

}  // namespace
}  // namespace baton::storage
