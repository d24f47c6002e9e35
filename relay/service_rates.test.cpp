#include "relay/service_rates.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "relay/platform.hpp"
#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/openai_api.hpp"

namespace baton::relay {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();

api_key key_with(std::map<std::string, std::int64_t, std::less<>> service_rates) {
  api_key key;
  key.service_rates = std::move(service_rates);
  return key;
}

TEST(service_rates, both_rates_count) {
  EXPECT_EQ(rated(1'000'000'000, rate_one, rate_one), 1'000'000'000);
  EXPECT_EQ(rated(1'000'000'000, 1'250'000, 800'000), 1'000'000'000);
  EXPECT_EQ(rated(37'815'001, 1'500'000, 2'000'000), 113'445'003);
}

TEST(service_rates, a_rated_amount_is_rounded_half_up_and_once) {
  EXPECT_EQ(rated(1, 500'000, rate_one), 1);
  EXPECT_EQ(rated(1, 499'999, rate_one), 0);
  EXPECT_EQ(rated(3, 500'000, 500'000), 1);  // 0.75; rounded twice it would be 1 too
  EXPECT_EQ(rated(1, 700'000, 700'000), 0);  // 0.49; rounded twice it would be 1
}

TEST(service_rates, a_rate_of_nothing_makes_it_free) {
  EXPECT_EQ(rated(1'000'000'000, 0, rate_one), 0);
  EXPECT_EQ(rated(largest, largest, 0), 0);
}

TEST(service_rates, absurd_numbers_stay_within_the_type) {
  EXPECT_EQ(rated(largest, rate_one, rate_one), largest);
  EXPECT_EQ(rated(largest, rate_one + 1, rate_one), largest);
  EXPECT_EQ(rated(largest, largest, largest), largest);
  EXPECT_EQ(rated(2, largest, largest), largest);
  EXPECT_EQ(rated(largest, 1, 1), 9'223'372);
  EXPECT_EQ(rated(-1, rate_one, rate_one), 0);
  EXPECT_EQ(rated(1'000, -rate_one, rate_one), 0);
  EXPECT_EQ(rated(1'000, -rate_one, -rate_one), 0);
}

TEST(service_rates, every_platform_belongs_to_a_service) {
  for (const auto* each : platforms()) EXPECT_NE(service_of(each->id()), "") << each->id();
  EXPECT_EQ(service_of("claude-console"), "claude");
  EXPECT_EQ(service_of("openai-responses"), "codex");
  EXPECT_EQ(service_of("azure-openai"), "azure");
  EXPECT_EQ(service_of("bedrock"), "bedrock");
  EXPECT_EQ(service_of("gemini-api"), "gemini");
  for (const auto* other : {"", "-", "claudius", "other-claude"}) EXPECT_EQ(service_of(other), "");
}

TEST(service_rates, a_request_has_those_of_its_platform) {
  const service_rates global{.claude = 2'000'000, .codex = 3'000'000, .azure = 5'000'000};
  const auto key = key_with({{"claude", 500'000}, {"gemini", 0}});
  EXPECT_EQ(rates_of(global, "claude-console", key), (rates{2'000'000, 500'000}));
  EXPECT_EQ(rates_of(global, "openai-responses", key), (rates{3'000'000, rate_one}));
  EXPECT_EQ(rates_of(global, "azure-openai", key), (rates{5'000'000, rate_one}));
  EXPECT_EQ(rates_of(global, "gemini", key), (rates{rate_one, 0}));
  EXPECT_EQ(rates_of(global, "unheard-of", key), (rates{}));
}

TEST(service_rates, before_an_account_is_chosen_the_highest_ones_count) {
  const service_rates global{.claude = 1'000'000, .bedrock = 1'500'000};
  EXPECT_EQ(highest_rates(global, anthropic_messages, {}), (rates{1'500'000, rate_one}));
  const auto key = key_with({{"claude", 2'000'000}});
  EXPECT_EQ(highest_rates(global, anthropic_messages, key), (rates{1'000'000, 2'000'000}));
  EXPECT_EQ(highest_rates(global, openai_chat, key), (rates{}));
  const service_rates free{.codex = 0, .azure = 0};
  EXPECT_EQ(rated(1'000, highest_rates(free, openai_chat, {}).service, rate_one), 0);
}

}  // namespace
}  // namespace baton::relay
