#include "relay/platforms/trial_requests.hpp"

#include <gtest/gtest.h>

#include "relay/padded_text.test.hpp"
#include "relay/path_parameter.hpp"

namespace baton::relay {
namespace {

account account_on(std::string_view platform) {
  account config;
  config.id = account_id("a");
  config.platform = platform;
  config.api_url = "https://upstream.test";
  config.credential.api_key = "secret";
  config.region = platform == "bedrock" ? "us-east-1" : "";
  config.deployment_name = platform == "azure-openai" ? "deployed" : "";
  return config;
}

std::vector<trial_request> trials_on(const account& config, std::string_view model = {}) {
  const auto ready = prepare_account(config);
  EXPECT_TRUE(ready) << ready.error().text;
  const auto trials = trials_of(*ready, model);
  EXPECT_TRUE(trials) << trials.error().text;
  return *trials;
}

TEST(trial_requests, of_each_platform_are_requests_that_it_answers) {
  for (const platform* each : platforms()) {
    const auto trials = trials_on(account_on(each->id()));
    EXPECT_FALSE(trials.empty());
    for (const auto& trial : trials) {
      const auto match = match_route("POST", trial.path);
      ASSERT_NE(match.found, nullptr) << trial.path;
      EXPECT_TRUE(each->answers(*match.found->protocol)) << trial.path;
      const padded_text body(trial.body);
      const header_lines headers("");
      const auto parameter = read_path_parameter(match.parameter);
      const auto facts = match.found->protocol->inspect({.route = *match.found,
                                                         .headers = headers,
                                                         .parameter = *parameter,
                                                         .query = {},
                                                         .padded_body = body.view()});
      ASSERT_TRUE(facts) << facts.error().text;
      EXPECT_EQ(facts->model, trial.model.value_or(""));
      EXPECT_FALSE(facts->stream);
      EXPECT_FALSE(facts->stored);
    }
  }
}

TEST(trial_requests, ask_for_the_model_that_is_named_else_for_one_of_the_accounts_own) {
  auto config = account_on("claude-console");
  EXPECT_EQ(trials_on(config, "opus")[0].model, "opus");
  EXPECT_FALSE(trials_on(config)[0].model->empty());
  config.models = {{"sonnet", "sonnet-5"}};
  EXPECT_EQ(trials_on(config)[0].model, "sonnet");
  EXPECT_EQ(trials_on(account_on("azure-openai"))[0].model, "deployed");
}

TEST(trial_requests, refuse_a_model_that_is_missing_or_no_name) {
  auto config = account_on("azure-openai");
  config.deployment_name.clear();
  const auto ready = prepare_account(config);
  ASSERT_TRUE(ready);
  for (const std::string model : {"", "a\"b", "a\nb", "\xff"}) {
    const auto refused = trials_of(*ready, model);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, error_code::invalid_argument);
    EXPECT_TRUE(refused.error().text.starts_with("model must")) << refused.error().text;
  }
}

}  // namespace
}  // namespace baton::relay
