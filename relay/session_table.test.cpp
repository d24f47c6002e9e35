#include "relay/session_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <string>

namespace baton::relay {
namespace {

using namespace std::chrono_literals;

const account_id a("a"), b("b"), c("c");
const session_key key{1, 2}, other_key{3, 4};
const steady_time start{1000h};

std::string account_in(session_table& table, const session_key& of, steady_time now) {
  const auto found = table.find(of, now);
  return found ? found.account->value() : "";
}

TEST(session_table, finds_what_was_bound) {
  session_table table;
  EXPECT_FALSE(table.find(key, start));
  EXPECT_TRUE(table.bind(key, a, start, start));
  const auto found = table.find(key, start + 1h);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found.account, a);
  EXPECT_EQ(found.since, start);
  EXPECT_EQ(found.expires, start + 15 * 24h);
  EXPECT_FALSE(found.renewed);
  EXPECT_FALSE(table.find(other_key, start));
  EXPECT_EQ(table.size(), 1u);
}

TEST(session_table, gives_a_session_in_use_its_whole_life_again) {
  session_table table({.ttl = 10s, .renew_below = 4s});
  table.bind(key, a, start, start);
  EXPECT_FALSE(table.find(key, start + 6s).renewed);
  const auto renewed = table.find(key, start + 7s);
  EXPECT_TRUE(renewed.renewed);
  EXPECT_EQ(renewed.expires, start + 17s);
  EXPECT_EQ(renewed.since, start);
  EXPECT_FALSE(table.find(key, start + 7s).renewed);
  EXPECT_FALSE(table.find(key, start + 17s));
}

TEST(session_table, never_renews_where_told_so) {
  session_table table({.ttl = 10s, .renew_below = 0s});
  table.bind(key, a, start, start);
  EXPECT_FALSE(table.find(key, start + 10s - 1ns).renewed);
  EXPECT_FALSE(table.find(key, start + 10s));
  EXPECT_TRUE(table.bind(key, b, start + 10s, start + 10s));
}

TEST(session_table, hears_of_a_renewal_elsewhere) {
  session_table table({.ttl = 10s});
  table.bind(key, a, start, start);
  EXPECT_TRUE(table.bind(key, a, start, start + 7s));
  EXPECT_EQ(table.find(key, start + 8s).since, start);
  EXPECT_TRUE(table.find(key, start + 16s));
}

TEST(session_table, keeps_the_account_that_was_bound_first) {
  session_table table;
  EXPECT_TRUE(table.bind(key, b, start + 2s, start + 2s));
  EXPECT_FALSE(table.bind(key, c, start + 3s, start + 3s));
  EXPECT_EQ(account_in(table, key, start + 4s), "b");
  EXPECT_TRUE(table.bind(key, a, start + 1s, start + 1s));
  EXPECT_EQ(account_in(table, key, start + 4s), "a");
}

TEST(session_table, keeps_the_smaller_account_of_two_bound_at_once) {
  session_table table;
  EXPECT_TRUE(table.bind(key, b, start, start));
  EXPECT_TRUE(table.bind(key, a, start, start));
  EXPECT_FALSE(table.bind(key, c, start, start));
  EXPECT_EQ(account_in(table, key, start), "a");
}

TEST(session_table, binds_anew_what_was_dropped) {
  session_table table;
  table.bind(key, a, start, start);
  table.drop(key, a, start + 1s);
  EXPECT_FALSE(table.find(key, start + 1s));
  EXPECT_TRUE(table.bind(key, b, start + 2s, start + 2s));
  EXPECT_FALSE(table.bind(key, a, start, start));  // late news
  EXPECT_EQ(account_in(table, key, start + 3s), "b");
  table.drop(key, b, start + 4s);
  EXPECT_TRUE(table.bind(key, a, start + 5s, start + 5s));
}

TEST(session_table, drops_only_the_account_it_is_told_and_only_what_was_bound_before) {
  session_table table;
  table.bind(key, a, start + 5s, start + 5s);
  table.drop(key, b, start + 6s);
  table.drop(key, a, start + 4s);
  EXPECT_EQ(account_in(table, key, start + 7s), "a");
  table.drop(key, a, start + 5s);
  EXPECT_FALSE(table.find(key, start + 7s));
}

TEST(session_table, hears_of_a_drop_before_the_binding) {
  session_table table;
  table.drop(key, a, start + 1s);
  EXPECT_FALSE(table.bind(key, a, start, start));
  EXPECT_FALSE(table.find(key, start + 2s));
  EXPECT_TRUE(table.bind(key, a, start + 2s, start + 2s));
}

TEST(session_table, drops_an_account_out_of_all_sessions) {
  session_table table;
  table.bind(key, a, start, start);
  table.bind(other_key, a, start + 2s, start + 2s);
  table.drop_account(a, start + 1s);
  EXPECT_FALSE(table.find(key, start + 3s));
  EXPECT_TRUE(table.find(other_key, start + 3s));
  EXPECT_TRUE(table.bind(key, a, start + 4s, start + 4s));
}

TEST(session_table, forgets_the_session_that_was_not_used_for_longest) {
  session_table table({.sessions_max = 3});
  for (std::uint64_t n = 1; n <= 3; ++n) table.bind({0, n}, a, start, start);
  table.find({0, 1}, start);
  table.bind({0, 4}, a, start, start);
  EXPECT_EQ(table.size(), 3u);
  EXPECT_FALSE(table.find({0, 2}, start));
  for (const std::uint64_t kept : {1, 3, 4}) EXPECT_TRUE(table.find({0, kept}, start)) << kept;
}

TEST(session_table, stays_bounded_with_many_accounts) {
  session_table table({.sessions_max = 2});
  for (int n = 0; n < 10'000; ++n) {
    const account_id account("account-" + std::to_string(n));
    const steady_time now = start + n * 1s;
    table.drop_account(account, now);
    EXPECT_TRUE(table.bind(key, account, now + 1ms, now + 1ms));
    ASSERT_EQ(account_in(table, key, now + 2ms), account.value());
    table.drop(key, account, now + 3ms);
  }
  EXPECT_EQ(table.size(), 1u);
}

// Replicas that are told the same, in whatever order, come to the same.

using message = std::function<void(session_table&)>;

struct replica_run {
  explicit replica_run(std::uint32_t seed) : random(seed) {}

  std::uint32_t below(std::uint32_t bound) { return random() % bound; }
  steady_time any_time() { return start + std::chrono::seconds(below(60)); }
  session_key any_key() { return {7, below(4)}; }
  account_id any_account() { return account_id(std::string(1, static_cast<char>('a' + below(5)))); }

  message any_message() {
    const auto of = any_key();
    const auto account = any_account();
    const auto at = any_time();
    const auto used = at + std::chrono::seconds(below(20));
    switch (below(8)) {
      case 0: return [=](session_table& table) { table.drop_account(account, at); };
      case 1:
      case 2: return [=](session_table& table) { table.drop(of, account, at); };
      default: return [=](session_table& table) { table.bind(of, account, at, used); };
    }
  }

  std::mt19937 random;
};

TEST(session_table, agrees_with_its_replicas_in_whatever_order_they_hear) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  replica_run run(seed);
  for (int round = 0; round < 3000; ++round) {
    std::array<session_table, 3> replicas{session_table({.ttl = 40s, .renew_below = 10s}),
                                          session_table({.ttl = 40s, .renew_below = 10s}),
                                          session_table({.ttl = 40s, .renew_below = 10s})};
    std::vector<message> messages;
    for (std::uint32_t n = 1 + run.below(30); n > 0; --n) messages.push_back(run.any_message());
    std::vector<message> renewals;
    for (auto& replica : replicas) {
      std::shuffle(messages.begin(), messages.end(), run.random);
      for (const auto& tell : messages) {
        tell(replica);
        if (run.below(4) == 0) tell(replica);
        const auto of = run.any_key();
        const auto now = run.any_time();
        const auto found = replica.find(of, now);
        if (!found.renewed) continue;
        renewals.push_back([=, account = *found.account, since = found.since](
                               session_table& table) { table.bind(of, account, since, now); });
      }
    }
    for (auto& replica : replicas) {
      std::shuffle(renewals.begin(), renewals.end(), run.random);
      for (const auto& tell : renewals) tell(replica);
    }
    for (std::uint64_t n = 0; n < 4; ++n) {
      for (const auto now : {start + 20s, start + 60s, start + 90s}) {
        std::array<session_binding, 3> found;
        for (std::size_t r = 0; r < 3; ++r) found[r] = replicas[r].find({7, n}, now);
        for (const std::size_t r : {1, 2}) {
          ASSERT_EQ(!found[r], !found[0]) << "round " << round << " session " << n;
          if (!found[0]) continue;
          ASSERT_EQ(*found[r].account, *found[0].account) << "round " << round;
          ASSERT_EQ(found[r].since, found[0].since);
          ASSERT_EQ(found[r].expires, found[0].expires);
        }
      }
    }
  }
}

TEST(session_table, agrees_on_the_winner_of_workers_that_bind_and_drop_as_time_passes) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  replica_run run(seed);
  std::array<session_table, 3> replicas;
  std::array<std::vector<message>, 3> inbox;
  steady_time now = start;
  for (int step = 0; step < 20'000; ++step) {
    now += std::chrono::milliseconds(run.below(3));
    const std::size_t self = run.below(3);
    auto& mail = inbox[self];
    if (!mail.empty() && run.below(2) == 0) {
      std::swap(mail[run.below(static_cast<std::uint32_t>(mail.size()))], mail.back());
      mail.back()(replicas[self]);
      mail.pop_back();
    }
    const auto of = run.any_key();
    message told;
    if (const auto found = replicas[self].find(of, now); !found) {
      told = [=, account = run.any_account()](session_table& t) { t.bind(of, account, now, now); };
    } else if (run.below(10) == 0) {
      told = [=, account = *found.account](session_table& t) { t.drop(of, account, now); };
    } else {
      continue;
    }
    told(replicas[self]);
    for (std::size_t r = 0; r < 3; ++r) {
      if (r != self) inbox[r].push_back(told);
    }
  }
  for (std::size_t r = 0; r < 3; ++r) {
    std::shuffle(inbox[r].begin(), inbox[r].end(), run.random);
    for (const auto& tell : inbox[r]) tell(replicas[r]);
  }
  for (std::uint64_t n = 0; n < 4; ++n) {
    const auto first = account_in(replicas[0], {7, n}, now);
    EXPECT_EQ(account_in(replicas[1], {7, n}, now), first);
    EXPECT_EQ(account_in(replicas[2], {7, n}, now), first);
  }
}

}  // namespace
}  // namespace baton::relay
