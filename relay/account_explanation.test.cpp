#include "relay/account_explanation.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "relay/account_pool.test.hpp"
#include "relay/platforms/openai_api.hpp"

namespace baton::relay {
namespace {

using namespace pool_test;
using std::chrono::seconds;

class account_explanations : public ::testing::Test {
 protected:
  // What the choice says of each account: "id: reason", in its order.
  std::vector<std::string> explain(const choice_request& request = any_request(),
                                   const account_id* session_account = nullptr) const {
    std::vector<std::string> told;
    for (const auto& each : pool_.explain(request, session_account).accounts) {
      told.push_back(each.id.value() + ": " + std::string(to_string(each.reason)));
      EXPECT_FALSE(each.text.empty());
    }
    return told;
  }
  account_explanation of(const std::string& id, const choice_request& request = any_request()) {
    const auto told = pool_.explain(request).accounts;
    return *std::find_if(told.begin(), told.end(),
                         [&](const auto& each) { return each.id.value() == id; });
  }
  void mark(const std::string& id, const account_status& status) {
    pool_.update(account_id(id), status);
  }

  using lines = std::vector<std::string>;
  account_pool pool_;
};

TEST_F(account_explanations, tell_whose_turn_it_is_and_take_nobodys) {
  pool_.replace({make("a", 10), make("b", 10), make("c", 20)});
  const lines first = {"a: chosen", "b: not_its_turn", "c: lower_priority"};
  EXPECT_EQ(explain(), first);
  EXPECT_EQ(explain(), first);
  EXPECT_EQ(chosen(pool_), "a");
  EXPECT_EQ(explain(), (lines{"a: not_its_turn", "b: chosen", "c: lower_priority"}));
  EXPECT_EQ(pool_.take_attempts(account_id("b"), now), 0u);
}

TEST_F(account_explanations, name_what_an_operator_has_set) {
  pool_.replace({make_with("a", [](account& config) { config.is_active = false; }),
                 make_with("b", [](account& config) { config.schedulable = false; }),
                 make_with("c", [](account& config) { config.models["opus"] = "opus"; }),
                 make_dedicated("d"), make_in_groups("e", {group_id("red")})});
  auto request = any_request();
  request.model = "haiku";
  EXPECT_EQ(explain(request), (lines{"a: inactive", "b: not_schedulable", "c: model_not_supported",
                                     "d: not_shared", "e: not_shared"}));
  const auto told = pool_.explain(request);
  EXPECT_FALSE(told.account);
  EXPECT_NE(told.refusal.text.find("haiku"), std::string::npos);
  request.protocol = &openai_chat;
  EXPECT_EQ(of("c", request).reason, choice_reason::other_api);
}

TEST_F(account_explanations, name_what_keeps_an_account_away_and_for_how_long) {
  pool_.replace({make("a"), make("b"), make("c"), make("d")});
  mark("a", away_for(seconds(30)));
  mark("b", away_for(seconds(40), account_state::circuit_open));
  mark("c", away_for(seconds(50), account_state::over_quota));
  mark("d", limited_for("opus", seconds(60)));
  auto request = any_request();
  request.model = "claude-opus-4-5";
  EXPECT_EQ(explain(request),
            (lines{"a: cooling_down", "b: circuit_open", "c: over_quota", "d: rate_limited"}));
  EXPECT_EQ(of("a", request).back_in, seconds(30));
  EXPECT_EQ(of("d", request).back_in, seconds(60));
  EXPECT_EQ(of("d").reason, choice_reason::chosen);
  EXPECT_FALSE(of("d").back_in);
}

TEST_F(account_explanations, name_what_the_request_has_met) {
  pool_.replace({make("a"), make("b"), make("c")});
  const std::vector<account_id> failed = {account_id("a")}, full_ones = {account_id("b")};
  auto request = any_request();
  request.failed = failed;
  request.found_full = full_ones;
  mark("c", full());
  EXPECT_EQ(explain(request), (lines{"a: already_tried", "b: busy", "c: busy"}));
  EXPECT_TRUE(pool_.explain(request).may_wait);
}

TEST_F(account_explanations, of_a_bound_key_tell_its_own_from_those_that_stand_in) {
  pool_.replace({make("a", 10), make_dedicated("b", 20), make("c", 30)});
  const auto bound = key_of_account("b");
  EXPECT_EQ(explain(request_of(bound)), (lines{"a: not_bound", "b: chosen", "c: not_bound"}));
  const auto falls_back = key_of_account("b", true);
  EXPECT_EQ(explain(request_of(falls_back)),
            (lines{"a: fallback_only", "b: chosen", "c: fallback_only"}));
  mark("b", away_for(seconds(9)));
  EXPECT_EQ(explain(request_of(falls_back)),
            (lines{"a: chosen", "b: cooling_down", "c: lower_priority"}));
  EXPECT_TRUE(pool_.explain(request_of(falls_back)).fallback);
}

TEST_F(account_explanations, tell_of_a_session_that_keeps_its_account) {
  pool_.replace({make("a", 10), make("b", 20)});
  const account_id kept("b");
  EXPECT_EQ(explain(any_request(), &kept), (lines{"a: session_elsewhere", "b: chosen"}));
  auto request = any_request();
  request.only = &kept;
  EXPECT_EQ(explain(request), (lines{"a: only_another", "b: chosen"}));
}

}  // namespace
}  // namespace baton::relay
