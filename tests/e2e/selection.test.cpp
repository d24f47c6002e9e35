// Which accounts a key may have, and when an account is left out though it works.
#include <gmock/gmock.h>

#include "relay/account_group.hpp"
#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using testing::HasSubstr;

class selection : public relay_fixture {
 protected:
  relay::account_group add_group(const std::string& name) {
    relay::account_group group;
    group.id = group_id("group-" + name);
    group.name = name;
    EXPECT_TRUE(store().add_group(group));
    return group;
  }
  static std::function<void(relay::account&)> of_type(relay::account_type type,
                                                      std::vector<group_id> groups = {}) {
    return [type, groups](relay::account& account) {
      account.type = type;
      account.groups = groups;
    };
  }
};

TEST_F(selection, keeps_dedicated_accounts_and_groups_for_the_keys_bound_to_them) {
  const auto group = add_group("team");
  add_account("shared");
  const auto own = add_account("own", {}, of_type(relay::account_type::dedicated));
  add_account("grouped", {}, of_type(relay::account_type::group, {group.id}));
  const auto to_own = add_key("to-own", [&](relay::api_key& key) { key.bound_account = own.id; });
  const auto to_group =
      add_key("to-group", [&](relay::api_key& key) { key.bound_group = group.id; });
  start();
  for (int n = 0; n < 3; ++n) {
    EXPECT_EQ(send_message().status, 200);
    EXPECT_EQ(send_message(false, to_own).status, 200);
    EXPECT_EQ(send_message(false, to_group).status, 200);
  }
  for (const auto* name : {"shared", "own", "grouped"}) EXPECT_EQ(seen_by(name).requests, 3u);
}

TEST_F(selection, answers_503_when_a_bound_account_is_not_usable_unless_the_key_may_fall_back) {
  add_account("shared");
  const auto own = add_account("own", {.status = 401}, of_type(relay::account_type::dedicated));
  const auto strict = add_key("strict", [&](relay::api_key& key) { key.bound_account = own.id; });
  const auto lenient = add_key("lenient", [&](relay::api_key& key) {
    key.bound_account = own.id;
    key.binding_fallback = true;
  });
  start();
  EXPECT_EQ(send_message(false, strict).status, 503);
  EXPECT_TRUE(metric_becomes("baton_account_state{account=\"own\",state=\"unauthorized\"}", 1));
  const auto refused = send_message(false, strict);
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.header("retry-after"));
  EXPECT_EQ(send_message(false, lenient).status, 200);
  EXPECT_EQ(seen_by("shared").requests, 1u);
}

TEST_F(selection, leaves_an_account_out_that_has_used_its_days_tokens) {
  add_account("first", {}, [](relay::account& account) {
    account.priority = 1;
    account.quota.tokens = 100;  // the mock's answers use 67
  });
  add_account("second");
  start();
  EXPECT_EQ(send_message().status, 200);
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
  EXPECT_EQ(send_message().status, 200);
  EXPECT_TRUE(metric_becomes("baton_account_state{account=\"first\",state=\"over_quota\"}", 1));
  EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(seen_by("first").requests, 2u);
  EXPECT_EQ(seen_by("second").requests, 1u);
}

TEST_F(selection, remembers_what_was_used_today_after_a_restart) {
  add_account("only", {}, [](relay::account& account) {
    account.quota.cost_nanousd = 1'000;  // less than one answer costs
  });
  start();
  EXPECT_EQ(send_message().status, 200);
  EXPECT_TRUE(metric_becomes("baton_account_state{account=\"only\",state=\"over_quota\"}", 1));
  EXPECT_TRUE(stop());
  start();
  EXPECT_TRUE(eventually([&] { return send_message().status == 503; }));
  const auto refused = send_message();
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.header("retry-after"));
}

TEST_F(selection, uses_an_accounts_own_timeouts) {
  add_account("hasty", {.delay = std::chrono::seconds(5)}, [](relay::account& account) {
    account.priority = 1;
    account.timeouts.stream_head = milliseconds(100);
  });
  add_account("second");
  start();
  const auto answer = send_message(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("x-baton-retried"), "timeout");
}

TEST_F(selection, follows_an_accounts_own_cooldowns) {
  add_account("first", {.status = 429}, [](relay::account& account) {
    account.priority = 1;
    account.cooldowns = {{"rate_limited", std::chrono::seconds(0)}};
  });
  add_account("second");
  start();
  for (int n = 0; n < 3; ++n) EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(seen_by("first").requests, 3u);
}

TEST_F(selection, ends_a_request_that_lasts_longer_than_any_may) {
  settings.timeouts.total = milliseconds(300);
  add_account("a", {.interval = milliseconds(20), .events = 10'000});
  start();
  const auto answer = send_message(true);
  EXPECT_FALSE(answer.complete);
  EXPECT_THAT(answer.body, HasSubstr("timeout_error"));
  EXPECT_TRUE(metric_becomes("baton_account_state{account=\"a\",state=\"active\"}", 1));
}

}  // namespace
}  // namespace baton::e2e
