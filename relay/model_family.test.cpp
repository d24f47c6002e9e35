#include "relay/model_family.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

std::string_view name_of_family(std::string_view model) {
  const auto family = family_of(model);
  return family ? model_families.at(*family) : "none";
}

TEST(model_family, is_told_by_the_model_s_name) {
  EXPECT_EQ(name_of_family("claude-opus-5-5"), "opus");
  EXPECT_EQ(name_of_family("claude-sonnet-4-20250514"), "sonnet");
  EXPECT_EQ(name_of_family("claude-3-5-haiku-latest"), "haiku");
  EXPECT_EQ(name_of_family("claude-fable-1"), "fable");
}

TEST(model_family, may_stand_anywhere_in_any_case) {
  EXPECT_EQ(name_of_family("opus"), "opus");
  EXPECT_EQ(name_of_family("us.anthropic.Claude-OPUS-4-1-v1:0"), "opus");
  EXPECT_EQ(name_of_family("claude-4-Sonnet"), "sonnet");
}

TEST(model_family, is_none_of_other_models) {
  for (const std::string_view model : {"", "claude", "gpt-5", "opu", "s-o-n-n-e-t", "claude-2.1"}) {
    EXPECT_EQ(name_of_family(model), "none") << model;
  }
}

TEST(model_family, tells_claude_s_models_with_those_that_belong_to_none) {
  for (const std::string_view model : {"claude-2.1", "us.anthropic.Claude-instant", "my-opus"}) {
    EXPECT_TRUE(is_claude_model(model)) << model;
  }
  for (const std::string_view model : {"", "gpt-5", "gemini-3-pro", "glm-4.6"}) {
    EXPECT_FALSE(is_claude_model(model)) << model;
  }
}

TEST(model_family, is_the_first_of_two) {
  EXPECT_EQ(name_of_family("sonnet-distilled-from-opus"), "opus");
}

}  // namespace
}  // namespace baton::relay
