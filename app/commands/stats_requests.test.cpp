#include "app/commands/command_fixture.test.hpp"
#include "storage/ledger/ledger_codec.hpp"
#include "storage/ledger/ledger_writer.hpp"

namespace baton::app {
namespace {

class stats_requests_command : public command_fixture {
 protected:
  void SetUp() override { key_ = run_json({"key", "create", "--name", "laptop"}).at("id"); }

  storage::usage_record record(const std::string& model = "opus") const {
    storage::usage_record made;
    made.request_id = "req_000000000000000000000001";
    made.finished = wall_now() - std::chrono::minutes(5);
    made.key = key_id(key_);
    made.account = account_id("gone-account");
    made.platform = "claude-console";
    made.route = "messages";
    made.model_asked = made.model = model;
    made.tokens = {.input = 25, .output = 42};
    made.cost_nanousd = 705'000;
    made.rated_nanousd = 1'410'000;
    made.price_version = "bundled-2026-11-20";
    made.counted = true;
    made.status = 200;
    made.outcome = "completed";
    made.attempts = 2;
    made.duration = std::chrono::milliseconds(1234);
    return made;
  }
  void write(const std::vector<storage::usage_record>& records) const {
    auto ledger = storage::ledger_writer::open(folder_ / "data" / "ledger", {}).value();
    for (const auto& each : records) {
      std::string bytes;
      storage::append_record(bytes, storage::view_of(each));
      ASSERT_TRUE(ledger.append(bytes, 1, each.finished, each.finished));
    }
  }

  std::string key_;
};

TEST_F(stats_requests_command, lists_the_newest_first_with_names) {
  write({record("first"), record("second")});
  const auto got = run({"stats", "requests"});
  EXPECT_EQ(got.code, exit_done) << got.err;
  EXPECT_LT(got.out.find("second"), got.out.find("first"));
  for (const std::string_view text : {"laptop", "gone-acc", "completed", "1234", "67", "$0.000705",
                                      "req_000000000000000000000001"}) {
    EXPECT_NE(got.out.find(text), std::string::npos) << text << " in " << got.out;
  }
}

TEST_F(stats_requests_command, tells_programs_everything) {
  write({record()});
  const auto page = run_json({"stats", "requests"});
  EXPECT_TRUE(page.at("next").is_null());
  const auto& item = page.at("items").at(0);
  EXPECT_EQ(item.at("number"), 1);
  EXPECT_EQ(item.at("key"), key_);
  EXPECT_EQ(item.at("tokens").at("output"), 42);
  EXPECT_EQ(item.at("costUsd"), "0.000705");
  EXPECT_EQ(item.at("ratedCostUsd"), "0.00141");
  EXPECT_EQ(item.at("priceVersion"), "bundled-2026-11-20");
  EXPECT_EQ(item.at("durationMs"), 1234);
  EXPECT_TRUE(item.at("timeToFirstByteMs").is_null());
}

TEST_F(stats_requests_command, goes_on_where_a_page_ended) {
  write({record("a"), record("b"), record("c")});
  const auto first = run_json({"stats", "requests", "--limit", "2"});
  EXPECT_EQ(first.at("items").at(0).at("model"), "c");
  const auto next = std::to_string(first.at("next").get<int>());
  const auto second = run_json({"stats", "requests", "--limit", "2", "--before", next});
  ASSERT_EQ(second.at("items").size(), 1u);
  EXPECT_EQ(second.at("items").at(0).at("model"), "a");
  EXPECT_NE(run({"stats", "requests", "--limit", "2"}).out.find("--before " + next),
            std::string::npos);
}

TEST_F(stats_requests_command, filters) {
  write({record("a"), record("b")});
  EXPECT_EQ(run_json({"stats", "requests", "--model", "b"}).at("items").size(), 1u);
  EXPECT_EQ(run_json({"stats", "requests", "--key", "laptop"}).at("items").size(), 2u);
  EXPECT_EQ(run_json({"stats", "requests", "--to", "today", "--from", "7d"}).at("items").size() % 2,
            0u);
  expect_failure(run({"stats", "requests", "--key", "nobody"}), exit_failed, "--key");
  expect_failure(run({"stats", "requests", "--from", "soon"}), exit_unusable, "--from");
  EXPECT_EQ(run({"stats", "requests", "--limit", "0"}).code, exit_unusable);
  EXPECT_EQ(run({"stats", "requests", "--before", "-1"}).code, exit_unusable);
}

TEST_F(stats_requests_command, marks_what_is_estimated_or_has_no_price_of_its_own) {
  auto odd = record();
  odd.usage_estimated = odd.priced_by_fallback = true;
  write({odd});
  const auto got = run({"stats", "requests"});
  EXPECT_NE(got.out.find("$0.000705~*"), std::string::npos) << got.out;
  EXPECT_NE(got.out.find("~ in part estimated"), std::string::npos);
  EXPECT_NE(got.out.find("* the model has no price"), std::string::npos);
}

TEST_F(stats_requests_command, says_that_there_is_nothing) {
  const auto got = run({"stats", "requests"});
  EXPECT_EQ(got.code, exit_done);
  EXPECT_EQ(got.out, "");
  EXPECT_NE(got.err.find("no request is on record"), std::string::npos);
}

}  // namespace
}  // namespace baton::app
