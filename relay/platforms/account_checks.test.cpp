#include "relay/platforms/account_checks.hpp"

#include <gtest/gtest.h>

#include "relay/account_text.hpp"

namespace baton::relay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using action = disconnect_policy::action;

template <class Change>
void expect_taken(Change change) {
  account config;
  change(config);
  const auto checked = check_common_fields(config);
  EXPECT_TRUE(checked) << checked.error().text;
}

template <class Change>
void expect_refused(const std::string& field, Change change) {
  account config;
  change(config);
  const auto refused = check_common_fields(config);
  ASSERT_FALSE(refused) << field;
  EXPECT_EQ(refused.error().code, error_code::invalid_argument);
  EXPECT_TRUE(refused.error().text.starts_with(field + " ")) << refused.error().text;
}

TEST(account_checks, take_an_account_of_defaults) {
  expect_taken([](account&) {});
}

TEST(account_checks, what_addresses_and_signatures_are_made_of_is_bounded) {
  struct field {
    std::string name;
    std::string account::*member;
    std::size_t bytes_max;
    std::vector<std::string> good, bad;
  };
  const std::string visible = "AKIA/+=~!";
  for (const auto& each : std::vector<field>{
           {"region", &account::region, 32, {"eu-central-1"}, {"EU-1", "eu_1", "eu.1", "eu/1"}},
           {"accessKeyId", &account::access_key_id, 128, {visible}, {"a b", "a\r\nb", "\xC3\xA4"}},
           {"deploymentName",
            &account::deployment_name,
            64,
            {"gpt-5.1_EU"},
            {"a/b", "a?b", "a%b", "a b", "\xC3\xA4", ".", ".."}},
           {"apiVersion",
            &account::api_version,
            32,
            {"2025-04-01-preview", "v1", "1.0"},
            {"a&b", "a_b", "a=b", "1\n"}}}) {
    const auto with = [&](std::string text) {
      return [&each, text](account& config) { config.*each.member = text; };
    };
    for (const auto& text : each.good) expect_taken(with(text));
    for (const auto& text : each.bad) expect_refused(each.name, with(text));
    expect_taken(with(std::string(each.bytes_max, 'a')));
    expect_refused(each.name, with(std::string(each.bytes_max + 1, 'a')));
    expect_refused(each.name, with(std::string(1, '\0')));
  }
}

TEST(account_checks, an_account_of_type_group_needs_a_group) {
  expect_refused("groupIds", [](account& config) { config.type = account_type::group; });
  expect_taken([](account& config) {
    config.type = account_type::group;
    config.groups = {group_id("1")};
  });
  expect_taken([](account& config) { config.groups = {group_id("1")}; });
}

TEST(account_checks, an_account_is_in_64_groups_at_most) {
  expect_taken([](account& config) { config.groups.resize(64, group_id("1")); });
  expect_refused("groupIds", [](account& config) { config.groups.resize(65, group_id("1")); });
  expect_refused("groupIds", [](account& config) { config.groups.emplace_back(); });
}

TEST(account_checks, quotas_have_a_highest_value) {
  expect_taken([](account& config) { config.quota = {1'000'000'000'000, 1'000'000'000'000'000}; });
  expect_refused("dailyQuota.tokens",
                 [](account& config) { config.quota.tokens = 1'000'000'000'001; });
  expect_refused("dailyQuota.usd",
                 [](account& config) { config.quota.cost_nanousd = 1'000'000'000'000'001; });
}

TEST(account_checks, an_answer_is_drained_for_an_hour_at_most) {
  for (const auto length : {seconds(0), seconds(1), seconds(3600)}) {
    expect_taken([&](account& config) { config.on_disconnect = {action::drain, length}; });
  }
  for (const auto& policy : {disconnect_policy{action::drain, seconds(-1)},
                             disconnect_policy{action::drain, seconds(3601)},
                             disconnect_policy{action::cancel, seconds(1)}}) {
    expect_refused("disconnectPolicy", [&](account& config) { config.on_disconnect = policy; });
  }
}

TEST(account_checks, each_timeout_has_its_range) {
  for (const auto& field : timeout_fields) {
    const auto with = [&](milliseconds length) {
      return [&field, length](account& config) { config.timeouts.*field.value = length; };
    };
    const auto name = "timeouts." + std::string(field.json_name);
    expect_taken(with(milliseconds(1)));
    expect_taken(with(seconds(86'400)));
    expect_refused(name, with(milliseconds(0)));
    expect_refused(name, with(milliseconds(-1)));
    expect_refused(name, with(milliseconds(86'400'001)));
  }
}

TEST(account_checks, cooldowns_are_of_known_failures_and_have_a_range) {
  for (const auto kind : cooldown_kinds) {
    const std::string name(to_string(kind));
    expect_taken([&](account& config) { config.cooldowns[name] = seconds(0); });
    expect_taken([&](account& config) { config.cooldowns[name] = seconds(604'800); });
    expect_refused("cooldowns." + name,
                   [&](account& config) { config.cooldowns[name] = seconds(604'801); });
    expect_refused("cooldowns." + name,
                   [&](account& config) { config.cooldowns[name] = seconds(-1); });
  }
  expect_refused("cooldowns", [](account& config) { config.cooldowns["429"] = seconds(1); });
}

}  // namespace
}  // namespace baton::relay
