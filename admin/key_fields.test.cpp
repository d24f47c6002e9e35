#include "admin/key_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/timestamps.hpp"

namespace baton::admin {
namespace {

using nlohmann::json;
using relay::api_key;
using testing::HasSubstr;
using namespace std::chrono_literals;

class key_fields_test : public testing::Test {
 protected:
  key_fields_test() {
    key_.id = key_id("7");
    key_.hash = "hidden";
    key_.name = "laptop";
    key_.created_at = key_.updated_at = parse_timestamp("2026-01-01").value();
  }

  std::string put(const json& object) { return outcome(read_key(object, key_, read_mode::update)); }
  std::string post(const json& object) {
    return outcome(read_key(object, key_, read_mode::create));
  }
  json shown() const { return show_fields(key_fields(), key_); }

  // What is wrong with a key, the field before all else.
  static std::string outcome(const result<void>& done) {
    if (done) return "accepted";
    EXPECT_EQ(done.error().code, error_code::invalid_argument);
    EXPECT_TRUE(done.error().text.starts_with(std::string(field_of(done.error())) + ": "));
    return done.error().text;
  }

  api_key key_;
};

TEST_F(key_fields_test, are_read_and_shown_by_v1s_names) {
  const json sent = json::parse(R"({
    "name": "team", "description": "for all", "permissions": ["claude", "openai"],
    "allowedModels": ["a"], "enableModelRestriction": true, "restrictedModels": ["b"],
    "accountId": "acc", "groupId": null, "bindingFallback": true,
    "concurrencyLimit": 5, "concurrentRequestQueue": 10, "queuePriority": 9,
    "rateLimitWindow": 60, "rateLimitRequests": 100, "tokenLimit": 1000, "rateLimitCost": 0.5,
    "dailyCostLimit": 12.5, "totalCostLimit": 100, "weeklyOpusCostLimit": 0.000000001,
    "weeklyResetDay": 7, "weeklyResetHour": 23, "serviceRates": {"claude": 1.5, "codex": 0},
    "enableClientRestriction": true, "allowedClients": ["claude_code"],
    "isActive": false, "tags": ["x"], "expiresAt": "2027-01-01T00:00:00.000Z",
    "expirationMode": "fixed", "activationDays": 0, "activationUnit": "days"})");
  ASSERT_EQ(post(sent), "accepted");
  EXPECT_EQ(key_.limits.weekly_claude_cost_nanousd, 1u);
  EXPECT_EQ(key_.service_rates.at("claude"), 1'500'000);
  const auto got = shown();
  for (const auto& [name, value] : sent.items()) EXPECT_EQ(got.at(name), value) << name;
  EXPECT_EQ(put(got), "accepted");
  EXPECT_EQ(shown(), got);
  EXPECT_EQ(got.dump().find("hidden"), std::string::npos);
}

TEST_F(key_fields_test, each_is_refused_by_name_where_it_cannot_be_used) {
  for (const auto* sent : {
           R"({"name": ""})",
           R"({"name": null})",
           R"({"description": 1})",
           R"({"permissions": "claude"})",
           R"({"permissions": ["cluade"]})",
           R"({"allowedModels": [""]})",
           R"({"restrictedModels": {}})",
           R"({"accountId": 7})",
           R"({"groupId": ""})",
           R"({"bindingFallback": "yes"})",
           R"({"concurrencyLimit": -1})",
           R"({"concurrentRequestQueue": 10001})",
           R"({"queuePriority": 0})",
           R"({"rateLimitWindow": 1.5})",
           R"({"rateLimitRequests": "1"})",
           R"({"tokenLimit": 1e30})",
           R"({"rateLimitCost": -1})",
           R"({"dailyCostLimit": 1000000.01})",
           R"({"totalCostLimit": "5"})",
           R"({"weeklyOpusCostLimit": 0.0000000001})",
           R"({"weeklyResetDay": 0})",
           R"({"weeklyResetHour": 24})",
           R"({"serviceRates": {"cluade": 1}})",
           R"({"serviceRates": {"claude": 1000.1}})",
           R"({"serviceRates": {"claude": 1e-7}})",
           R"({"enableClientRestriction": 1})",
           R"({"allowedClients": ["claude-code"]})",
           R"({"isActive": 1})",
           R"({"tags": ["a\nb"]})",
           R"({"expiresAt": "soon"})",
           R"({"expirationMode": "never"})",
           R"({"activationDays": -1})",
           R"({"activationUnit": "weeks"})",
           R"({"id": "8"})",
           R"({"isDeleted": true})",
           R"({"deletedAt": "2026-01-01"})",
           R"({"updatedAt": "2026-01-01"})",
           R"({"hash": "x"})",
       }) {
    const auto object = json::parse(sent);
    const auto name = object.begin().key();
    const auto before = shown();
    EXPECT_TRUE(put(object).starts_with(name)) << sent << ": " << put(object);
    EXPECT_EQ(shown(), before);
  }
  EXPECT_EQ(post({{"tags", {"a"}}}), "name: is required");
}

TEST_F(key_fields_test, what_counts_in_a_window_needs_one) {
  for (const auto* name : {"rateLimitRequests", "tokenLimit", "rateLimitCost"}) {
    EXPECT_EQ(put({{name, 5}}), std::string(name) + ": needs a rateLimitWindow to count in");
    EXPECT_EQ(put({{name, 5}, {"rateLimitWindow", 60}}), "accepted");
    EXPECT_EQ(put({{name, 0}, {"rateLimitWindow", 0}}), "accepted");
  }
}

TEST_F(key_fields_test, a_queue_needs_something_to_wait_for) {
  EXPECT_THAT(put({{"concurrentRequestQueue", 5}}), HasSubstr("concurrencyLimit"));
  EXPECT_EQ(put({{"concurrentRequestQueue", 5}, {"concurrencyLimit", 1}}), "accepted");
  EXPECT_THAT(put({{"concurrencyLimit", 0}}), HasSubstr("concurrentRequestQueue: needs"));
}

TEST_F(key_fields_test, a_new_binding_takes_the_place_of_the_other) {
  EXPECT_EQ(put({{"accountId", "a"}}), "accepted");
  EXPECT_EQ(put({{"groupId", "g"}}), "accepted");
  EXPECT_EQ(key_.bound_account, std::nullopt);
  EXPECT_EQ(key_.bound_group, group_id("g"));
  EXPECT_EQ(put({{"accountId", "a"}, {"groupId", nullptr}}), "accepted");
  EXPECT_EQ(key_.bound_account, account_id("a"));
  EXPECT_EQ(put({{"accountId", "a"}, {"groupId", "g"}}),
            "groupId: must be null where there is an accountId");
  EXPECT_EQ(put({{"accountId", nullptr}}), "accepted");
  EXPECT_EQ(key_.bound_account, std::nullopt);
}

TEST_F(key_fields_test, a_switch_says_whether_its_list_has_entries) {
  EXPECT_EQ(put({{"restrictedModels", {"a"}}}), "accepted");
  EXPECT_EQ(shown().at("enableModelRestriction"), true);
  EXPECT_EQ(put({{"enableModelRestriction", false}, {"restrictedModels", {"a"}}}),
            "enableModelRestriction: must be true where restrictedModels has entries, else false");
  EXPECT_EQ(put({{"enableModelRestriction", false}}), "accepted");
  EXPECT_TRUE(key_.restricted_models.empty());
  EXPECT_THAT(put({{"enableClientRestriction", true}}), HasSubstr("allowedClients"));
}

TEST_F(key_fields_test, a_life_can_be_counted_from_the_first_use) {
  EXPECT_EQ(put({{"expirationMode", "activation"}, {"activationDays", 30}}), "accepted");
  EXPECT_EQ(key_.activation, 30 * 24h);
  EXPECT_EQ(put({{"activationDays", 36}, {"activationUnit", "hours"}}), "accepted");
  EXPECT_EQ(key_.activation, 36h);
  EXPECT_EQ(shown().at("activationDays"), 36);
  EXPECT_EQ(shown().at("activationUnit"), "hours");
  EXPECT_EQ(shown().at("isActivated"), false);
  EXPECT_EQ(put({{"activationDays", 48}}), "accepted");
  EXPECT_EQ(shown().at("activationDays"), 2);
  EXPECT_EQ(put(shown()), "accepted");
  EXPECT_EQ(key_.activation, 48h);
}

TEST_F(key_fields_test, a_life_that_has_begun_is_counted_anew) {
  key_.activation = 24h;
  key_.activated_at = parse_timestamp("2026-03-01");
  key_.expires_at = parse_timestamp("2026-03-02");
  auto whole = shown();
  EXPECT_EQ(put(whole), "accepted");
  EXPECT_EQ(key_.expires_at, parse_timestamp("2026-03-02"));
  whole["activationDays"] = 10;
  EXPECT_EQ(put(whole), "accepted");
  EXPECT_EQ(key_.expires_at, parse_timestamp("2026-03-11"));
  EXPECT_THAT(put({{"expiresAt", "2026-04-01"}}), HasSubstr("expiresAt: follows from"));
  EXPECT_EQ(put({{"expirationMode", "fixed"}, {"expiresAt", "2026-04-01"}}), "accepted");
  EXPECT_EQ(key_.activation, 0h);
  EXPECT_EQ(key_.expires_at, parse_timestamp("2026-04-01"));
}

TEST_F(key_fields_test, a_life_of_no_length_or_without_its_mode_is_refused) {
  EXPECT_THAT(put({{"expirationMode", "activation"}}), HasSubstr("activationDays: must be from"));
  EXPECT_THAT(put({{"activationDays", 30}}), HasSubstr("activationDays: must be 0 unless"));
  EXPECT_THAT(put({{"expirationMode", "activation"}, {"activationDays", 36'501}}),
              HasSubstr("activationDays"));
  EXPECT_EQ(put({{"expirationMode", "activation"}, {"activationDays", 36'500}}), "accepted");
}

TEST_F(key_fields_test, a_check_of_the_whole_names_the_field) {
  key_.limits.week.hour = 24;
  EXPECT_THAT(outcome(check_key(key_)), HasSubstr("weeklyResetHour: "));
  key_.limits.week.hour = 0;
  key_.limits.daily_cost_nanousd = 1'000'000'000'000'001;
  EXPECT_THAT(outcome(check_key(key_)), HasSubstr("dailyCostLimit: "));
  key_.limits.daily_cost_nanousd = 0;
  key_.name = "\xff";
  EXPECT_THAT(outcome(check_key(key_)), HasSubstr("name: "));
  key_.name = "x";
  key_.bound_account = account_id("a");
  key_.bound_group = group_id("g");
  EXPECT_FALSE(check_key(key_));
}

}  // namespace
}  // namespace baton::admin
