#include "app/commands/command_fixture.test.hpp"
#include "base/timestamps.hpp"
#include "storage/first_start.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::app {
namespace {

class stats_command : public command_fixture {
 protected:
  void SetUp() override {
    laptop_ = run_json({"key", "create", "--name", "laptop", "--tags", "team"}).at("id");
    phone_ = run_json({"key", "create", "--name", "phone"}).at("id");
    run_json({"account", "add", "claude-console", "--name", "main", "--api-url",
              "https://upstream.test", "--api-key-stdin"},
             "key\n");
    add(laptop_, "opus", "2026-03-01T05:00", 3'000'000'000);
    add(laptop_, "sonnet", "2026-03-03T05:00", 500'000'000);
    add(phone_, "sonnet", "2026-03-03T06:00", 250'000'000, 1);
  }

  void add(const std::string& key, const std::string& model, std::string_view hour,
           std::int64_t cost_nanousd, std::int64_t fallback_requests = 0) {
    const auto file = storage::database_file(folder_ / "data");
    const auto store = std::move(storage::open_sqlite_store(file, crypto::key_256{}).value());
    storage::usage_row row;
    row.key = key_id(key);
    row.account = account_id("gone-account");
    row.platform = "claude-console";
    row.model = model;
    row.hour = parse_timestamp(hour).value();
    row.requests = 2;
    row.tokens = {1'234'567, 20, 30, 0, 0, 0};
    row.cost_nanousd = row.rated_nanousd = cost_nanousd;
    row.fallback_requests = fallback_requests;
    ASSERT_TRUE(store->add_usage(std::vector{row}, std::nullopt));
  }

  std::string laptop_, phone_;
};

TEST_F(stats_command, shows_a_table_with_names_and_a_total) {
  const auto got = run({"stats", "--by", "key", "--from", "all"});
  EXPECT_EQ(got.code, exit_done) << got.err;
  EXPECT_EQ(got.out,
            "KEY     REQUESTS  INPUT  OUTPUT  CACHE READ  COST USD\n"
            "laptop         4   2.4M      40          60   3.5000\n"
            "phone          2   1.2M      20          30   0.2500*\n"
            "TOTAL          6   3.7M      60          90   3.7500*\n"
            "* includes requests of models that have no price of their own: 1\n");
}

TEST_F(stats_command, draws_a_chart_to_scale_with_the_days_between) {
  environment_["LANG"] = "C.UTF-8";
  const auto blocks = run({"stats", "--per", "day", "--from", "all"});
  EXPECT_EQ(blocks.code, exit_done) << blocks.err;
  EXPECT_NE(blocks.out.find("2026-03-01  3.0000  ██████"), std::string::npos) << blocks.out;
  EXPECT_NE(blocks.out.find("\n2026-03-02  0.0000\n"), std::string::npos) << blocks.out;
  EXPECT_NE(blocks.out.find("\n2026-03-03  0.7500  ███"), std::string::npos) << blocks.out;
  environment_["LC_ALL"] = "C";
  const auto plain = run({"stats", "--per", "day", "--from", "all"});
  EXPECT_EQ(plain.out.find("█"), std::string::npos);
  EXPECT_NE(plain.out.find("2026-03-01  3.0000  ######"), std::string::npos) << plain.out;
}

TEST_F(stats_command, tells_programs_exact_sums) {
  const auto all = run_json({"stats", "--by", "model", "--per", "month", "--from", "all"});
  EXPECT_EQ(all.at("groupBy"), "model");
  EXPECT_EQ(all.at("total").at("costUsd"), "3.75");
  EXPECT_EQ(all.at("items").at(1).at("name"), "sonnet");
  EXPECT_EQ(all.at("items").at(1).at("costUsd"), "0.75");
  EXPECT_EQ(all.at("items").at(1).at("start"), "2026-03-01T00:00:00.000Z");
  const auto tags = run_json({"stats", "--by", "tag", "--from", "all"});
  EXPECT_EQ(tags.at("items").at(0).at("name"), "team");
  EXPECT_EQ(tags.at("items").at(1).at("name"), "(no tag)");
}

TEST_F(stats_command, filters_by_every_option) {
  const auto requests = [&](std::vector<std::string> filter) {
    filter.insert(filter.begin(), {"stats", "--from", "all"});
    return run_json(filter).at("total").at("requests").get<int>();
  };
  EXPECT_EQ(requests({"--key", "laptop"}), 4);
  EXPECT_EQ(requests({"--key", "laptop,phone"}), 6);
  EXPECT_EQ(requests({"--tag", "team"}), 4);
  EXPECT_EQ(requests({"--model", "opus"}), 2);
  EXPECT_EQ(requests({"--account", "main"}), 0);
  EXPECT_EQ(requests({"--platform", "claude-console"}), 6);
  EXPECT_EQ(requests({"--to", "2026-03-02"}), 2);
}

TEST_F(stats_command, shows_the_top_and_the_others) {
  const auto got = run({"stats", "--by", "key", "--top", "1", "--from", "all"});
  EXPECT_NE(got.out.find("\n(other) "), std::string::npos) << got.out;
}

TEST_F(stats_command, shows_revoked_keys_by_name_and_lost_accounts_by_id) {
  run({"key", "revoke", "laptop"});
  EXPECT_NE(run({"stats", "--by", "key", "--from", "all"}).out.find("laptop (revoked)"),
            std::string::npos);
  EXPECT_NE(run({"stats", "--by", "account", "--from", "all"}).out.find("gone-acc"),
            std::string::npos);
}

TEST_F(stats_command, refuses_by_naming_the_option) {
  expect_failure(run({"stats", "--by", "week"}), exit_unusable, "--by");
  expect_failure(run({"stats", "--per", "year"}), exit_unusable, "--per");
  expect_failure(run({"stats", "--from", "soon"}), exit_unusable, "--from: 'soon' is no time");
  expect_failure(run({"stats", "--from", "today", "--to", "yesterday"}), exit_unusable,
                 "--from: must be before --to");
  expect_failure(run({"stats", "--top", "3"}), exit_unusable, "--top");
  expect_failure(run({"stats", "--top", "-1", "--by", "key"}), exit_unusable, "--top");
  expect_failure(run({"stats", "--platform", "nowhere"}), exit_unusable, "claude-console");
  expect_failure(run({"stats", "--key", "nobody"}), exit_failed, "--key: ");
  expect_failure(run({"stats", "--account", "nobody"}), exit_failed, "--account: ");
  expect_failure(run({"stats", "--tag", "nothing"}), exit_failed, "--tag: no key has");
  expect_failure(run({"stats", "--key", ""}), exit_unusable, "--key");
  expect_failure(run({"stats", "more"}), exit_unusable, "'baton stats more'");
}

TEST_F(stats_command, says_when_nothing_was_used) {
  const auto got = run({"stats", "--from", "2020-01-01", "--to", "2020-01-02"});
  EXPECT_EQ(got.code, exit_done);
  EXPECT_EQ(got.out, "");
  EXPECT_NE(got.err.find("nothing was used"), std::string::npos);
}

}  // namespace
}  // namespace baton::app
