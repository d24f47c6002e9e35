#include "relay/account_text.hpp"

#include <gtest/gtest.h>

#include <set>

namespace baton::relay {
namespace {

using std::chrono::seconds;
using action = disconnect_policy::action;

TEST(account_text, types_are_read_as_they_are_spelled) {
  for (const auto type : {account_type::shared, account_type::dedicated, account_type::group}) {
    EXPECT_EQ(parse_account_type(to_string(type)), type);
  }
  for (const char* text : {"", "Shared", "groups", "shared "}) {
    EXPECT_FALSE(parse_account_type(text)) << text;
  }
}

TEST(account_text, disconnect_policies_are_read_as_they_are_spelled) {
  for (const auto& policy : {disconnect_policy{}, disconnect_policy{action::drain, seconds(0)},
                             disconnect_policy{action::drain, seconds(30)}}) {
    EXPECT_EQ(parse_disconnect_policy(to_string(policy)), policy) << to_string(policy);
  }
  EXPECT_EQ(to_string(disconnect_policy{action::drain, seconds(30)}), "drain:30");
  EXPECT_EQ(parse_disconnect_policy("drain:30s"), (disconnect_policy{action::drain, seconds(30)}));
}

TEST(account_text, refuses_other_disconnect_policies) {
  for (const char* text : {"", "Cancel", "cancel:3", "drain:", "drain:s", "drain:0", "drain:-1",
                           "drain: 3", "drain:3m", "drain:3ss", "drain:1.5", "drain:4294967296"}) {
    EXPECT_FALSE(parse_disconnect_policy(text)) << text;
  }
}

TEST(account_text, each_timeout_has_a_name_and_a_member_of_its_own) {
  account_timeouts all;
  std::set<std::string_view> json_names;
  for (const auto& field : timeout_fields) {
    EXPECT_EQ(find_timeout_field(field.name), &field);
    EXPECT_FALSE((all.*field.value).has_value()) << field.name;
    all.*field.value = std::chrono::milliseconds(1);
    EXPECT_TRUE(json_names.insert(field.json_name).second) << field.json_name;
  }
  EXPECT_EQ(find_timeout_field("connectMs"), nullptr);
  EXPECT_EQ(find_timeout_field(""), nullptr);
  EXPECT_EQ(timeout_names(),
            "connect, tls_handshake, stream_head, json_head, first_event, between_events, total");
}

TEST(account_text, knows_the_failures_that_may_have_a_cooldown) {
  EXPECT_TRUE(may_have_cooldown("rate_limited"));
  EXPECT_TRUE(may_have_cooldown("server_error"));
  EXPECT_FALSE(may_have_cooldown("429"));
  EXPECT_FALSE(may_have_cooldown(""));
  EXPECT_EQ(cooldown_names(),
            "connect, timeout, broken, unauthorized, forbidden, rate_limited, overloaded, "
            "server_error");
}

}  // namespace
}  // namespace baton::relay
