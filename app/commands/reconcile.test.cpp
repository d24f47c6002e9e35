#include "app/commands/command_fixture.test.hpp"
#include "storage/ledger/ledger_codec.hpp"
#include "storage/ledger/ledger_writer.hpp"
#include "storage/sqlite.hpp"

namespace baton::app {
namespace {

class reconcile_command : public command_fixture {
 protected:
  void SetUp() override { run_json({"key", "create", "--name", "laptop"}); }

  // Records of three hours that no sum knows of, though they pass for counted.
  void write_uncounted() {
    auto ledger = storage::ledger_writer::open(folder_ / "data" / "ledger", {}).value();
    for (int hours = 3; hours > 0; --hours) {
      storage::usage_record record;
      record.finished = wall_now() - std::chrono::hours(hours);
      record.key = key_id("k");
      record.account = account_id("a");
      record.platform = "claude-console";
      record.model = "opus";
      record.tokens.output = 5;
      record.cost_nanousd = record.rated_nanousd = 75'000;
      record.counted = true;
      std::string bytes;
      storage::append_record(bytes, storage::view_of(record));
      ASSERT_TRUE(ledger.append(bytes, 1, record.finished, record.finished));
    }
    auto database = storage::sqlite::connection::open(folder_ / "data" / "baton.db").value();
    ASSERT_TRUE(
        database.execute("INSERT INTO settings (name, value) VALUES ('ledger_position', '3')"));
  }
};

TEST_F(reconcile_command, says_that_everything_agrees) {
  const auto got = run({"reconcile"});
  EXPECT_EQ(got.code, exit_done) << got.err;
  EXPECT_NE(got.out.find("All of them agree."), std::string::npos) << got.out;
}

TEST_F(reconcile_command, shows_what_disagrees_and_fails) {
  write_uncounted();
  const auto got = run({"reconcile"});
  EXPECT_EQ(got.code, exit_failed);
  EXPECT_NE(got.out.find("SHOULD BE"), std::string::npos) << got.out;
  EXPECT_NE(got.out.find("1 requests, 5 tokens, $0.000075"), std::string::npos) << got.out;
  EXPECT_NE(got.err.find("do not agree"), std::string::npos);
}

TEST_F(reconcile_command, mends_what_disagrees) {
  write_uncounted();
  const auto repaired = run_json({"reconcile", "--repair"});
  EXPECT_GT(repaired.at("mended"), 0);
  EXPECT_EQ(repaired.at("disagreements"), repaired.at("mended"));
  const auto after = run_json({"reconcile"});
  EXPECT_EQ(after.at("disagreements"), 0);
  EXPECT_GT(after.at("rows"), 0);
}

TEST_F(reconcile_command, refuses_times_that_are_none) {
  expect_failure(run({"reconcile", "--from", "soon"}), exit_unusable, "--from: 'soon'");
  expect_failure(run({"reconcile", "--to", "never"}), exit_unusable, "--to: 'never'");
}

}  // namespace
}  // namespace baton::app
