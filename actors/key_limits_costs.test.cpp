// Limits of cost, and what a key's limits know of the store.
#include <atomic>
#include <thread>

#include "actors/key_limits_actor.hpp"
#include "actors/relay_fixture.test.hpp"
#include "actors/runtime/ask.hpp"
#include "actors/storage_actor.hpp"
#include "actors/usage_aggregator_actor.hpp"
#include "base/crypto.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::actors {
namespace {

using claim = std::shared_ptr<reservation>;

relay::key_limits total(std::uint64_t limit) {
  return {.total_cost_nanousd = limit};
}

class key_costs : public relay_actor_test {
 protected:
  void TearDown() override {
    owner_ = storage_ = aggregator_ = nullptr;
    relay_actor_test::TearDown();
  }

  void begin_with(const caf::actor& storage) {
    storage_ = storage;
    const auto ledger = keep(open_ledger(system_, folder_ / "ledger", storage, {}, metrics_));
    aggregator_ = spawn<usage_aggregator_actor>(at(1), ledger, false, std::ref(metrics_));
    owner_ = spawn<key_limits_actor>(at(0), std::ref(metrics_),
                                     key_usage_source{{aggregator_}, storage_});
  }

  static admit_request order(const relay::api_key_ptr& key, std::uint64_t cost) {
    return {key, {.cost_nanousd = cost, .claude = true}};
  }
  result<claim> admit(const relay::api_key_ptr& key, std::uint64_t cost = 1) {
    auto answer = ask<admission_answered>(owner_, order(key, cost));
    EXPECT_TRUE(answer);
    return std::move(answer->claim);
  }
  // For good, by this limit.
  bool is_spent(const relay::api_key_ptr& key, limit_kind limit) {
    const auto outcome = admit(key);
    return !outcome && outcome.error().code == error_code::quota_exceeded &&
           outcome.error().limit == limit;
  }

  const test_support::temp_dir folder_;
  caf::actor storage_;
  caf::actor aggregator_;
  caf::actor owner_;
};

class stored_key_costs : public key_costs {
 protected:
  std::unique_ptr<storage::store> open() const {
    return std::move(storage::open_sqlite_store(folder_ / "baton.db", crypto::key_256{}).value());
  }
  void begin() { begin_with(keep(open_storage(system_, open(), folder_ / "ledger", metrics_))); }

  // As if another process had stored it before.
  void store(std::int64_t rated, const std::string& model = "claude-opus-5-5",
             wall_time when = wall_now()) const {
    storage::usage_row row;
    row.key = key_id("id-k");
    row.account = account_id("a");
    row.platform = "claude-console";
    row.model = model;
    row.hour = std::chrono::floor<std::chrono::hours>(when);
    row.requests = 1;
    row.cost_nanousd = 1;
    row.rated_nanousd = rated;
    ASSERT_TRUE(open()->add_usage(std::vector{row}, std::nullopt));
  }
  // What a connection does when its request has ended.
  void end_request(const relay::api_key_ptr& key, std::int64_t rated) {
    relay::request_record ended;
    ended.route = relay::match_route("POST", "/v1/messages").found;
    ended.key = key;
    ended.account = ready_account("a");
    ended.model = "claude-opus-5-5";
    ended.attempts = 1;
    ended.reached_upstream = true;
    ended.cost.rated_nanousd = rated;
    ended.finished = wall_now();
    caf::anon_send(aggregator_, request_ended{ended});
  }
};

TEST_F(stored_key_costs, go_on_from_what_is_stored) {
  store(60);
  store(40, "gpt-5", wall_now() - std::chrono::days(400));
  begin();
  EXPECT_TRUE(is_spent(key_with(total(100)), limit_kind::total_cost));
  EXPECT_TRUE(admit(key_with(total(101))));
  EXPECT_TRUE(admit(key_with(total(100), "other"))) << "each key by itself";
}

TEST_F(stored_key_costs, of_a_day_and_of_a_week_are_those_since_its_beginning) {
  store(100);
  store(1000, "claude-opus-5-5", wall_now() - std::chrono::days(8));
  begin();
  EXPECT_TRUE(is_spent(key_with({.daily_cost_nanousd = 100}), limit_kind::daily_cost));
  EXPECT_TRUE(admit(key_with({.daily_cost_nanousd = 101})));
  EXPECT_TRUE(
      is_spent(key_with({.weekly_claude_cost_nanousd = 100}), limit_kind::weekly_claude_cost));
  EXPECT_TRUE(admit(key_with({.weekly_claude_cost_nanousd = 101})));
}

TEST_F(stored_key_costs, of_a_week_are_those_of_claude_s_models) {
  store(1000, "gpt-5");
  store(60, "claude-2.1");
  store(40, "us.anthropic.claude-haiku-4-5-v1:0");
  begin();
  EXPECT_TRUE(admit(key_with({.weekly_claude_cost_nanousd = 101})));
  EXPECT_TRUE(
      is_spent(key_with({.weekly_claude_cost_nanousd = 100}), limit_kind::weekly_claude_cost));
}

TEST_F(stored_key_costs, hold_what_was_recorded_and_is_not_stored_yet) {
  begin();
  end_request(key_with({}), 100);
  EXPECT_TRUE(is_spent(key_with(total(100)), limit_kind::total_cost));
}

TEST_F(stored_key_costs, count_what_ran_here_once) {
  store(50);
  begin();
  const auto key = key_with(total(100));
  for (int i = 0; i < 4; ++i) {
    auto held = admit(key, 10);
    ASSERT_TRUE(held);
    (*held)->settle({.cost_nanousd = 10, .claude = true});
    end_request(key, 10);
  }
  auto held = admit(key, 10);
  ASSERT_TRUE(held) << "50 of before, 40 of now";
  (*held)->settle({.cost_nanousd = 10, .claude = true});
  EXPECT_TRUE(becomes_true([&] { return is_spent(key, limit_kind::total_cost); }));
}

TEST_F(stored_key_costs, are_known_to_a_limit_that_is_new) {
  begin();
  const auto before = key_with({.concurrency = 5});
  auto held = admit(before, 10);
  ASSERT_TRUE(held);
  (*held)->settle({.cost_nanousd = 60, .claude = true});
  end_request(before, 60);
  end_request(before, 40);  // of a time in which it had no limit at all
  EXPECT_TRUE(becomes_true([&] { return is_spent(key_with(total(100)), limit_kind::total_cost); }));
}

TEST_F(stored_key_costs, of_a_thousand_at_once_stay_below_the_limit) {
  store(10);
  begin();
  const auto key = key_with(total(100));
  std::atomic<int> admitted = 0;
  std::vector<std::vector<claim>> held(4);
  std::vector<std::thread> threads;
  for (auto& mine : held) {
    threads.emplace_back([&] {
      for (int n = 0; n < 250; ++n) {
        auto outcome = admit(key, 20);
        if (outcome) {
          ++admitted;
          mine.push_back(*outcome);
        } else {
          EXPECT_EQ(outcome.error().code, error_code::rate_limited);
          EXPECT_LE(outcome.error().retry_after, std::chrono::seconds(5));
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(admitted, 4);
}

// A store that answers when it is told to.
class reluctant_storage final : public runtime::pinned_actor {
 public:
  struct book {
    std::atomic<int> asked = 0;
  };
  reluctant_storage(caf::actor_config& config, runtime::worker& home, std::shared_ptr<book> kept)
      : pinned_actor(config, home), book_(std::move(kept)) {}

  caf::behavior make_behavior() override {
    return {
        [this](const query_usage&) -> caf::result<usage_found> {
          promises_.push_back(make_response_promise());
          ++book_->asked;
          return promises_.back();
        },
        [](const append_usage&) { return usage_appended{{}}; },
        [this](std::int64_t rated) {  // below 0: it fails
          for (auto& promise : std::exchange(promises_, {})) {
            if (rated < 0) {
              promise.deliver(usage_found{internal_error(error_code::storage_failed, "full")});
            } else {
              storage::usage_sum sum;
              sum.group = "claude-opus-5-5";
              sum.rated_nanousd = rated;
              promise.deliver(usage_found{std::vector{sum}});
            }
          }
        },
    };
  }
  void on_exit() override { runtime::fail_all(promises_); }

 private:
  std::shared_ptr<book> book_;
  std::vector<caf::response_promise> promises_;
};

class unsure_key_costs : public key_costs {
 protected:
  void SetUp() override { begin_with(spawn<reluctant_storage>(at(1), book_)); }

  // The three sums of one question.
  bool is_asked(int times) {
    return becomes_true([&] { return book_->asked == 3 * times; });
  }
  void answer(std::int64_t rated) { caf::anon_send(storage_, rated); }

  std::shared_ptr<reluctant_storage::book> book_ = std::make_shared<reluctant_storage::book>();
};

TEST_F(unsure_key_costs, are_waited_for_by_all_that_come_meanwhile) {
  const auto key = key_with(total(1000));
  caf::scoped_actor self{system_};
  auto first = self->request(owner_, patience, order(key, 60));
  ASSERT_TRUE(is_asked(1));
  auto second = self->request(owner_, patience, order(key, 60));
  answer(10);
  std::vector<bool> admitted;
  const auto note = [&](const admission_answered& reply) {
    admitted.push_back(reply.claim.has_value());
  };
  first.receive(note, [](caf::error&) { FAIL(); });
  second.receive(note, [](caf::error&) { FAIL(); });
  EXPECT_EQ(admitted, (std::vector{true, true}));
  EXPECT_EQ(book_->asked, 3) << "they asked once";
}

TEST_F(unsure_key_costs, stop_nobody_for_longer_than_a_second) {
  const auto key = key_with(total(100));
  const auto began = steady_now();
  EXPECT_TRUE(admit(key));
  EXPECT_GE(steady_now() - began, std::chrono::milliseconds(900));
  const auto again = steady_now();
  EXPECT_TRUE(admit(key));
  EXPECT_LT(steady_now() - again, std::chrono::milliseconds(500)) << "nor anybody twice";
  EXPECT_EQ(book_->asked, 3) << "one question at a time";
  answer(100);
  EXPECT_TRUE(becomes_true([&] { return is_spent(key, limit_kind::total_cost); }));
}

TEST_F(unsure_key_costs, are_asked_for_again_when_the_store_has_failed) {
  const auto key = key_with(total(100));
  caf::scoped_actor self{system_};
  auto first = self->request(owner_, patience, order(key, 60));
  ASSERT_TRUE(is_asked(1));
  answer(-1);
  first.receive([](const admission_answered& reply) { EXPECT_TRUE(reply.claim); },
                [](caf::error&) { FAIL(); });
  EXPECT_TRUE(becomes_true([&] { return admit(key).has_value() && book_->asked == 6; }));
  answer(100);
  EXPECT_TRUE(becomes_true([&] { return is_spent(key, limit_kind::total_cost); }));
}

TEST_F(unsure_key_costs, hold_for_what_has_run_here_until_they_are_known) {
  const auto key = key_with(total(100));
  caf::scoped_actor self{system_};
  auto first = self->request(owner_, patience, order(key, 60));
  ASSERT_TRUE(is_asked(1));
  answer(-1);
  claim held;
  first.receive([&](const admission_answered& reply) { held = *reply.claim; },
                [](caf::error&) { FAIL(); });
  ASSERT_TRUE(held);
  held->settle({.cost_nanousd = 100, .claude = true});
  EXPECT_TRUE(becomes_true([&] { return is_spent(key, limit_kind::total_cost); }));
}

TEST_F(unsure_key_costs, let_those_go_who_leave) {
  auto leaving = order(key_with(total(100)), 1);
  leaving.place = 7;
  caf::scoped_actor self{system_};
  auto waiting = self->request(owner_, patience, leaving);
  ASSERT_TRUE(is_asked(1));
  caf::anon_send(owner_, leave_queue{8});
  caf::anon_send(owner_, leave_queue{7});
  waiting.receive(
      [](const admission_answered& reply) {
        ASSERT_FALSE(reply.claim);
        EXPECT_EQ(reply.claim.error().code, error_code::cancelled);
      },
      [](caf::error&) { FAIL(); });
}

TEST_F(unsure_key_costs, whose_owner_ends_leave_nobody_waiting) {
  caf::scoped_actor self{system_};
  auto waiting = self->request(owner_, patience, order(key_with(total(100)), 1));
  ASSERT_TRUE(is_asked(1));
  kill(owner_);
  bool failed = false;
  waiting.receive([](const admission_answered&) {},
                  [&](caf::error& why) { failed = why != caf::sec::request_timeout; });
  EXPECT_TRUE(failed);
}

TEST_F(unsure_key_costs, are_not_asked_for_where_no_limit_needs_them) {
  EXPECT_TRUE(admit(key_with({.window_minutes = 1, .window_cost_nanousd = 5})));
  EXPECT_EQ(book_->asked, 0);
}

}  // namespace
}  // namespace baton::actors
