#include "relay/key_views.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace baton::relay {
namespace {

TEST(key_views, usage_counts_reasoning_as_output_and_apart) {
  usage_report report;
  report.total = {{"one", 1, {1, 2, 3, 4, 5, 6}}, {"two", 2, {10, 20, 30, 40, 50, 60}}};
  const auto usage = nlohmann::json::parse(usage_body({}, report));
  const auto& total = usage.at("usage").at("total");
  EXPECT_EQ(total, nlohmann::json({{"requests", 3},
                                   {"inputTokens", 11},
                                   {"outputTokens", 88},
                                   {"reasoningTokens", 66},
                                   {"cacheCreateTokens", 99},
                                   {"cacheReadTokens", 33},
                                   {"ephemeral5mTokens", 44},
                                   {"ephemeral1hTokens", 55},
                                   {"allTokens", 231}}));
  EXPECT_EQ(usage.at("models").at(1).at("outputTokens"), 80);
  EXPECT_EQ(usage.at("usage").at("daily").at("allTokens"), 0);
}

}  // namespace
}  // namespace baton::relay
