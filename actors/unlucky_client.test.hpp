// A client's session to which everything happens that can: its requests wait, are refused, fail
// over and break off, and its connection dies at any moment.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <coroutine>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "actors/connection_fixture.test.hpp"
#include "actors/directory_actor.hpp"
#include "actors/storage_actor.hpp"
#include "base/crypto.hpp"
#include "relay/platforms/anthropic_api.hpp"
#include "relay/route.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::actors {

// Suspends the coroutine for a time, on the worker it runs on.
class pause {
 public:
  explicit pause(std::chrono::microseconds time)
      : home_(*runtime::worker::current()), timer_(home_.context(), time) {}
  pause(const pause&) = delete;
  pause& operator=(const pause&) = delete;
  ~pause() {
    if (caller_) *caller_ = nullptr;
  }
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> caller) {
    caller_ = std::make_shared<std::coroutine_handle<>>(caller);
    timer_.async_wait([&home = home_, caller = caller_](const auto&) {
      event_loop::scope event(home);
      if (*caller) std::exchange(*caller, nullptr).resume();
    });
  }
  void await_resume() const {}

 private:
  runtime::worker& home_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<std::coroutine_handle<>> caller_;  // null: the pause is gone
};

// How many hold something, and the most who ever did.
struct gauge {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
};

class held {
 public:
  explicit held(gauge& what) : what_(what) {
    const int entered = ++what_.now;
    for (int seen = what_.most; entered > seen;) {
      if (what_.most.compare_exchange_weak(seen, entered)) break;
    }
  }
  held(const held&) = delete;
  held& operator=(const held&) = delete;
  ~held() { --what_.now; }

 private:
  gauge& what_;
};

// What all clients share with the test.
struct misfortunes {
  std::vector<relay::api_key_ptr> keys;
  std::map<account_id, gauge> leased;
  std::map<key_id, gauge> admitted;
  std::atomic<int> begun = 0;  // requests
  std::atomic<int> recorded = 0;
  std::atomic<int> served = 0;  // recorded with an account
  std::atomic<int> waited = 0;
  std::atomic<int> failed_over = 0;
  std::atomic<int> condemned_ever = 0;

  // The client's connection dies soon.
  void condemn(std::uint64_t client) {
    ++condemned_ever;
    std::lock_guard lock(guard_);
    condemned_.push_back(client);
  }
  std::vector<std::uint64_t> take_condemned() {
    std::lock_guard lock(guard_);
    return std::exchange(condemned_, {});
  }
  void note_refusal(const error& why) {
    std::lock_guard lock(guard_);
    ++refusals_[why.text];
  }
  std::string summary() {
    std::ostringstream text;
    text << begun << " requests begun, " << recorded << " recorded, " << served
         << " of them served, " << waited << " after waiting; " << failed_over << " failed over; "
         << condemned_ever << " connections died at a chosen moment";
    std::lock_guard lock(guard_);
    for (const auto& [why, count] : refusals_) text << "\n  " << count << " refused: " << why;
    return text.str();
  }

 private:
  std::mutex guard_;
  std::vector<std::uint64_t> condemned_;
  std::map<std::string, int> refusals_;
};

class unlucky {
 public:
  unlucky(session_port& port, misfortunes& shared, std::uint64_t number, std::uint64_t seed)
      : port_(port), shared_(shared), number_(number), random_(seed) {}

  task<void> run() {
    const auto requests = 1 + pick(6);
    for (unsigned n = 0; n < requests; ++n) {
      ++shared_.begun;
      co_await request();
    }
    port_.finished();
  }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  bool one_in(unsigned n) { return pick(n) == 0; }

  // A moment at which the connection may die: here, or wherever it has come to meanwhile.
  task<void> danger() {
    if (!one_in(60)) co_return;
    shared_.condemn(number_);
    if (one_in(2)) co_return;
    never for_ever;
    co_await for_ever;
  }

  // As clients do that are refused; otherwise all requests would be used up while accounts are
  // away.
  task<void> come_back_later() {
    pause waiting{std::chrono::milliseconds(50 + pick(150))};
    co_await waiting;
  }

  task<void> request() {
    const auto key = shared_.keys[pick(static_cast<unsigned>(shared_.keys.size()))];
    relay::request_record record;
    record.route = relay::match_route("POST", "/v1/messages").found;
    record.key = key;
    record.model = "opus";
    co_await danger();
    const relay::usage_estimate estimate{.tokens = 10};
    auto admitted = co_await port_.admit(key, estimate);
    if (!admitted) {
      shared_.note_refusal(admitted.error());
      end(record, relay::outcome::refused);
      co_await come_back_later();
      co_return;
    }
    if (admitted->waited.count() > 0) ++shared_.waited;
    std::optional<held> running(std::in_place, shared_.admitted.at(key->id));
    co_await danger();
    co_await relay_it(key, record);
    co_await danger();
    running.reset();
    if (!one_in(10)) admitted->claim.settle({.tokens = 5});
  }

  // Tries accounts until one answers, none is left or it has had enough.
  task<void> relay_it(relay::api_key_ptr key, relay::request_record& record) {
    std::vector<account_id> failed;
    std::vector<std::pair<relay::ready_account_ptr, relay::verdict>> suspicions;
    const auto session = one_in(2) ? relay::session_facts{{7, pick(500) + 1}, one_in(2), pick(3)}
                                   : relay::session_facts{};
    for (;;) {
      account_wish wish;
      wish.protocol = &relay::anthropic_api();
      wish.model = "claude-opus";
      wish.key = key;
      wish.session = session;
      wish.failed = failed;
      auto leased = co_await port_.lease_account(wish);
      if (!leased) {
        shared_.note_refusal(leased.error());
        end(record, relay::outcome::refused);
        co_await come_back_later();
        co_return;
      }
      if (leased->waited.count() > 0) ++shared_.waited;
      std::optional<held> slot(std::in_place, shared_.leased.at(leased->account->config.id));
      ++record.attempts;
      record.account = leased->account;
      record.reached_upstream = true;
      co_await danger();
      pause answering{std::chrono::microseconds(pick(1500))};
      co_await answering;
      if (one_in(12)) {
        const auto verdict = misfortune();
        port_.report_failure(leased->account, verdict, leased->probe);
        if (verdict.provisional) suspicions.emplace_back(leased->account, verdict);
        failed.push_back(leased->account->config.id);
        ++shared_.failed_over;
        co_await danger();
        continue;
      }
      port_.report_success(*leased);
      for (const auto& [account, verdict] : suspicions)
        port_.confirm_failure(account, verdict, false);
      co_await danger();
      slot.reset();
      if (one_in(2)) leased->slot.release();
      end(record, relay::outcome::completed);
      co_return;
    }
  }

  relay::verdict misfortune() {
    constexpr std::array kinds = {
        relay::failure_kind::broken,       relay::failure_kind::forbidden,
        relay::failure_kind::rate_limited, relay::failure_kind::overloaded,
        relay::failure_kind::server_error, relay::failure_kind::timeout};
    relay::verdict verdict{relay::next_step::other_account, kinds[pick(kinds.size())]};
    verdict.provisional = one_in(3);
    if (one_in(100)) verdict.cooldown = std::chrono::seconds(1);
    if (one_in(3)) verdict.family = pick(2);
    return verdict;
  }

  void end(relay::request_record& record, relay::outcome how) {
    record.how = how;
    record.finished = wall_now();
    record.usage.output = 5;
    if (how == relay::outcome::refused && record.attempts == 0) record.account = nullptr;
    ++shared_.recorded;
    if (record.account) ++shared_.served;
    port_.record(std::move(record));
  }

  session_port& port_;
  misfortunes& shared_;
  const std::uint64_t number_;
  std::mt19937_64 random_;
};

inline task<void> unlucky_client(session_port& port, misfortunes& shared, std::uint64_t number,
                                 std::uint64_t seed) {
  unlucky self(port, shared, number, seed);
  co_await self.run();
}

}  // namespace baton::actors
