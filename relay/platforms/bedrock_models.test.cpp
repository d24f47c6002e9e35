#include "relay/platforms/bedrock_models.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

TEST(bedrock_models, have_dates_and_versions_in_their_ids_or_not) {
  const auto in_us = [](std::string_view model) { return bedrock_model_id(model, "us-east-1"); };
  EXPECT_EQ(in_us("claude-sonnet-4-5-20250929"), "us.anthropic.claude-sonnet-4-5-20250929-v1:0");
  EXPECT_EQ(in_us("claude-sonnet-4-5"), "us.anthropic.claude-sonnet-4-5-20250929-v1:0");
  EXPECT_EQ(in_us("claude-haiku-4-5-20251001"), "us.anthropic.claude-haiku-4-5-20251001-v1:0");
  EXPECT_EQ(in_us("claude-haiku-4-5"), "us.anthropic.claude-haiku-4-5-20251001-v1:0");
  EXPECT_EQ(in_us("claude-opus-4-1"), "us.anthropic.claude-opus-4-1-20250805-v1:0");
  EXPECT_EQ(in_us("claude-opus-4-5-20251101"), "us.anthropic.claude-opus-4-5-20251101-v1:0");
  EXPECT_EQ(in_us("claude-opus-4-6"), "us.anthropic.claude-opus-4-6-v1");
  EXPECT_EQ(in_us("claude-sonnet-4-6"), "us.anthropic.claude-sonnet-4-6");
  EXPECT_EQ(in_us("claude-opus-4-7"), "us.anthropic.claude-opus-4-7");
  EXPECT_EQ(in_us("claude-haiku-5-5"), "us.anthropic.claude-haiku-5-5");
}

TEST(bedrock_models, are_invoked_by_the_profile_of_the_account_s_geography) {
  const auto newest = [](std::string_view region) {
    return bedrock_model_id("claude-opus-5-5", region);
  };
  EXPECT_EQ(newest("us-west-2"), "us.anthropic.claude-opus-5-5");
  EXPECT_EQ(newest("us-gov-west-1"), "us-gov.anthropic.claude-opus-5-5");
  EXPECT_EQ(newest("eu-central-1"), "eu.anthropic.claude-opus-5-5");
  EXPECT_EQ(newest("ap-northeast-1"), "jp.anthropic.claude-opus-5-5");
  EXPECT_EQ(newest("ap-northeast-3"), "jp.anthropic.claude-opus-5-5");
  EXPECT_EQ(newest("ap-southeast-2"), "au.anthropic.claude-opus-5-5");
  EXPECT_EQ(newest("ap-southeast-4"), "au.anthropic.claude-opus-5-5");
  for (const std::string_view region :
       {"ap-south-1", "ap-northeast-2", "ca-central-1", "sa-east-1", "me-central-1"}) {
    EXPECT_EQ(newest(region), "global.anthropic.claude-opus-5-5") << region;
  }
}

TEST(bedrock_models, without_a_profile_of_a_country_are_invoked_by_the_global_one) {
  EXPECT_EQ(bedrock_model_id("claude-opus-5", "ap-northeast-1"), "global.anthropic.claude-opus-5");
  EXPECT_EQ(bedrock_model_id("claude-opus-5", "ap-southeast-2"), "au.anthropic.claude-opus-5");
  EXPECT_EQ(bedrock_model_id("claude-opus-4-6", "ap-northeast-1"),
            "global.anthropic.claude-opus-4-6-v1");
  EXPECT_EQ(bedrock_model_id("claude-opus-4-5-20251101", "ap-southeast-2"),
            "global.anthropic.claude-opus-4-5-20251101-v1:0");
  EXPECT_EQ(bedrock_model_id("claude-fable-5", "ap-southeast-2"),
            "global.anthropic.claude-fable-5");
}

TEST(bedrock_models, that_bedrock_names_itself_stay_as_they_are) {
  for (const std::string_view model :
       {"anthropic.claude-sonnet-4-6", "eu.anthropic.claude-opus-4-6-v1",
        "arn:aws:bedrock:us-east-1:1:application-inference-profile/x", "amazon.nova-pro-v1:0", "m",
        "CLAUDE-opus", ""}) {
    EXPECT_EQ(bedrock_model_id(model, "us-east-1"), model);
  }
}

TEST(bedrock_models, that_nobody_knows_follow_the_rules) {
  EXPECT_EQ(bedrock_model_id("claude-", "eu-west-1"), "eu.anthropic.claude-");
  EXPECT_EQ(bedrock_model_id("claude-x-20300101", ""), "global.anthropic.claude-x-20300101-v1:0");
  EXPECT_EQ(bedrock_model_id("claude-20300101", "us-east-1"), "us.anthropic.claude-20300101-v1:0");
  EXPECT_EQ(bedrock_model_id("claude-120300101", "us-east-1"), "us.anthropic.claude-120300101");
}

}  // namespace
}  // namespace baton::relay
