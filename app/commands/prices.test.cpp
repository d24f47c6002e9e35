#include <filesystem>
#include <fstream>

#include "app/commands/command_fixture.test.hpp"
#include "relay/bundled_prices.hpp"

namespace baton::app {
namespace {

class prices_command : public command_fixture {
 protected:
  std::string file(std::string_view content) {
    const auto path = (folder_ / "prices.json").string();
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
};

TEST_F(prices_command, list_shows_the_models_with_a_name) {
  const auto got = run({"prices", "list", "--name", "SONNET-4-5"});
  EXPECT_EQ(got.code, exit_done) << got.err;
  EXPECT_NE(got.out.find("claude-sonnet-4-5"), std::string::npos);
  EXPECT_EQ(got.out.find("claude-opus"), std::string::npos);
  EXPECT_NE(got.err.find("bundled-"), std::string::npos);
  const auto json = run_json({"prices", "list", "--name", "claude-sonnet-4-5"});
  EXPECT_TRUE(json["version"].get<std::string>().starts_with(relay::bundled_version()));
  ASSERT_EQ(json["models"].size(), 1u);
  EXPECT_EQ(json["models"][0]["usdPerMillionTokens"][0]["cacheWrite5m"], "3.75");
  EXPECT_EQ(run_json({"prices", "list", "--name", "nothing"})["models"].size(), 0u);
}

TEST_F(prices_command, list_has_the_prices_of_the_configured_file) {
  environment_["BATON_PRICING_FILE"] =
      file(R"({"own": {"input_cost_per_token": 1e-12, "output_cost_per_token": 1}})");
  const auto json = run_json({"prices", "list"});
  ASSERT_EQ(json["models"].size(), 1u);
  EXPECT_EQ(json["models"][0]["usdPerMillionTokens"][0]["input"], "0.000001");
  EXPECT_EQ(json["models"][0]["usdPerMillionTokens"][0]["output"], "1000000");
}

TEST_F(prices_command, show_says_which_line_a_model_is_priced_by) {
  const auto model = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
  const auto json = run_json({"prices", "show", model});
  EXPECT_EQ(json["model"], model);
  EXPECT_EQ(json["entry"], "claude-haiku-4-5");
  EXPECT_EQ(json["known"], true);
  EXPECT_EQ(json["asOf"], "2026-10-24");
  EXPECT_EQ(json["usdPerMillionTokens"][0]["input"], "1");
  const auto got = run({"prices", "show", model});
  EXPECT_EQ(got.code, exit_done) << got.err;
  EXPECT_NE(got.out.find("claude-haiku-4-5"), std::string::npos);
  EXPECT_NE(got.out.find("https://"), std::string::npos);
}

TEST_F(prices_command, show_has_long_prompts_service_tiers_and_days_to_come) {
  environment_["BATON_PRICING_FILE"] = file(R"({"m": {
      "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
      "input_cost_per_token_priority": 2e-6,
      "input_cost_per_token_above_200k_tokens": 3e-6,
      "from": {"2999-01-01": {"input_cost_per_token": 4e-6}, "2999-02-01": {},
               "2999-03-01": {"output_cost_per_token": 5e-6}}}})");
  const auto json = run_json({"prices", "show", "m"});
  const auto rates = json["usdPerMillionTokens"];
  ASSERT_EQ(rates.size(), 4u);
  EXPECT_EQ(rates[1]["promptTokensAbove"], 200'000);
  EXPECT_EQ(rates[1]["input"], "3");
  EXPECT_EQ(rates[3]["serviceTier"], "priority");
  EXPECT_EQ(rates[3]["input"], "6");
  ASSERT_EQ(json["changes"].size(), 2u) << "a day on which this model stays the same is none";
  EXPECT_EQ(json["changes"][0]["from"], "2999-01-01");
  EXPECT_EQ(json["changes"][1]["usdPerMillionTokens"][0]["output"], "5");
  const auto got = run({"prices", "show", "m"});
  EXPECT_NE(got.out.find("2999-03-01"), std::string::npos) << got.out;
}

TEST_F(prices_command, show_says_how_an_unknown_model_is_priced) {
  const auto json = run_json({"prices", "show", "unheard-of"});
  EXPECT_EQ(json["known"], false);
  EXPECT_EQ(json["usdPerMillionTokens"][0]["input"], "3");
  EXPECT_NE(run({"prices", "show", "unheard-of"}).out.find("unknown model"), std::string::npos);
}

TEST_F(prices_command, check_tells_what_is_wrong_with_a_file) {
  const auto path = file(R"({"m": {"input_cost_per_token": "free"}})");
  expect_failure(
      run_plain({"prices", "check", path}), exit_unusable,
      path + ": prices: m.input_cost_per_token cannot be used; allowed: USD from 0 to 1");
  expect_failure(run_plain({"prices", "check", path + ".gone"}), exit_unusable, "cannot be read");
  expect_failure(run_plain({"prices", "check", "/dev/null"}), exit_unusable, "it is no file");
}

TEST_F(prices_command, check_compares_a_file_with_what_baton_brings) {
  const auto same = run_plain({"prices", "check", file(relay::bundled_prices())});
  EXPECT_EQ(same.code, exit_done) << same.err;
  EXPECT_NE(same.out.find("can be used"), std::string::npos);
  EXPECT_EQ(same.out.find("differ"), std::string::npos) << same.out;
  const auto path = file(R"({"claude-sonnet-4-5": {"input_cost_per_token": 9e-6,
      "output_cost_per_token": 15e-6}, "own": {"input_cost_per_token": 0,
      "output_cost_per_token": 0}})");
  const auto json = run_plain({"prices", "check", path, "--json"}).json();
  EXPECT_EQ(json["models"], 2);
  EXPECT_EQ(json["nextChange"], nullptr);
  for (const auto& each : json["differences"]) {
    const bool is_sonnet = each["model"] == "claude-sonnet-4-5";
    EXPECT_EQ(each["file"].is_null(), !is_sonnet) << each["model"];
  }
  EXPECT_NE(run_plain({"prices", "check", path}).out.find("9 / 15 / 0.9"), std::string::npos);
}

}  // namespace
}  // namespace baton::app
