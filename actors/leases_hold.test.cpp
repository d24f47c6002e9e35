// Whatever happens to requests, connections and account actors, and whenever: in the end every slot
// and every reservation is free again, nobody waits, and every request that was recorded is stored
// once. Random; the seed is printed, and BATON_TEST_SEED sets it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "actors/unlucky_client.test.hpp"

namespace baton::actors {
namespace {

constexpr int requests_total = 10'000;
constexpr std::size_t connections_max = 400;  // at a time
constexpr std::chrono::milliseconds wait_max{800};
constexpr std::chrono::seconds slots_back_within{3};  // the check-up is once a second

relay::account with_quota(relay::account config) {
  config.quota.tokens = 1'000'000'000;
  return config;
}

class leases_hold : public relay_actor_test {
 protected:
  void SetUp() override;
  void TearDown() override;
  void store_directory(storage::store& store);

  void run_requests();
  void connect();
  void kill_who_asked_for_it();
  void kill_some_connection();
  void kill_some_account();
  void forget_ended();
  accounts_changed known_accounts();
  std::int64_t stored_requests();
  double counted_requests() const;

  const test_support::temp_dir folder_;
  std::mt19937_64 random_;
  misfortunes shared_;
  std::array<worker_view, 2> views_;
  std::array<connection_peers, 2> peers_;
  caf::actor storage_;
  std::shared_ptr<scripted_session::traces> traces_ = std::make_shared<scripted_session::traces>();
  std::map<std::uint64_t, caf::actor> open_;
  std::uint64_t connected_ = 0;
  int account_kills_ = 0;
};

void leases_hold::SetUp() {
  const auto* const given = std::getenv("BATON_TEST_SEED");
  const auto seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "BATON_TEST_SEED=" << seed << '\n';
  random_.seed(seed);

  auto store = std::move(storage::open_sqlite_store(folder_ / "baton.db", {}).value());
  store_directory(*store);
  storage_ = keep(open_storage(system_, std::move(store), folder_ / "ledger", metrics_));
  const auto room = spawn<waiting_room_actor>(at(0), queue_bounds, std::ref(metrics_));
  std::vector<caf::actor> schedulers;
  caf::actor ledger;
  std::vector<caf::actor> aggregators;
  std::vector<caf::actor> limits;
  for (const std::size_t index : {0u, 1u}) {
    schedulers.push_back(spawn<scheduler_actor>(at(index), std::ref(views_[index])));
    if (index == 0) {
      ledger =
          keep(open_ledger(system_, folder_ / "ledger", storage_, schedulers.front(), metrics_));
    }
    aggregators.push_back(
        spawn<usage_aggregator_actor>(at(index), ledger, false, std::ref(metrics_)));
    limits.push_back(spawn<key_limits_actor>(at(index), std::ref(metrics_)));
  }
  for (const std::size_t index : {0u, 1u}) {
    caf::anon_send(schedulers[index], meet_schedulers{{schedulers[1 - index]}});
    peers_[index] = {.scheduler = schedulers[index],
                     .aggregator = aggregators[index],
                     .limits = limits,
                     .aggregators = aggregators,
                     .storage = storage_,
                     .ledger = ledger,
                     .waiting_room = room,
                     .wait_max = wait_max,
                     .metrics = &metrics_};
  }
  around_.observers = schedulers;
  around_.observers.push_back(room);
  around_.observers.push_back(listening());
  around_.waiting_room = room;
  around_.storage = storage_;
  around_.circuit = {.failures_min = 5, .failure_share_percent = 15};
  around_.circuit.open = std::chrono::milliseconds(30);
  around_.circuit.open_max = std::chrono::milliseconds(120);
  const auto directory = spawn<directory_actor>(at(0), storage_, schedulers, std::cref(around_));
  ASSERT_TRUE(ask<directory_ready>(directory, await_directory{}));
  ASSERT_TRUE(is_told(&notes::accounts, [](const auto& fact) { return fact.owners.size() == 3; }));
}

void leases_hold::store_directory(storage::store& store) {
  for (const auto& each : {account_config("small", 3), account_config("large", 20),
                           with_quota(account_config("counted", 12))}) {
    ASSERT_TRUE(store.add_account(each));
    shared_.leased.try_emplace(each.id);
  }
  for (const auto& each :
       {key_config("free"), key_config("patient", {.concurrency = 10, .queue = 1000}),
        key_config("hasty", {.concurrency = 30}),
        key_config("counted", {.concurrency = 20,
                              .window_minutes = 60,
                              .window_requests = 1'000'000,
                              .queue = 20})}) {
    shared_.keys.push_back(std::make_shared<const relay::api_key>(each));
    shared_.admitted.try_emplace(each.id);
  }
}

void leases_hold::TearDown() {
  storage_ = nullptr;
  for (const auto& [number, each] : open_) caf::anon_send_exit(each, caf::exit_reason::kill);
  open_.clear();
  relay_actor_test::TearDown();
  peers_ = {};
}

void leases_hold::connect() {
  const auto number = ++connected_;
  const auto worker = random_() % 2;
  const auto script = [this, number, seed = random_()](session_port& port) {
    return unlucky_client(port, shared_, number, seed);
  };
  open_[number] = runtime::spawn_on<connection_actor>(
      at(worker), std::cref(peers_[worker]), std::make_unique<scripted_session>(traces_, script));
}

void leases_hold::kill_who_asked_for_it() {
  for (const auto number : shared_.take_condemned()) {
    const auto found = open_.find(number);
    if (found != open_.end()) caf::anon_send_exit(found->second, caf::exit_reason::kill);
  }
}

void leases_hold::kill_some_connection() {
  if (open_.empty()) return;
  auto chosen = open_.lower_bound(random_() % connected_);
  if (chosen == open_.end()) chosen = open_.begin();
  caf::anon_send_exit(chosen->second, caf::exit_reason::kill);
}

void leases_hold::kill_some_account() {
  const auto owners = known_accounts().owners;
  const auto chosen = std::next(owners.begin(), static_cast<int>(random_() % owners.size()));
  caf::anon_send_exit(chosen->second, caf::exit_reason::kill);
  ++account_kills_;
}

bool has_ended(const caf::actor& which) {
  return caf::actor_cast<caf::strong_actor_ptr>(which)->get()->getf(
      caf::abstract_actor::is_terminated_flag);
}

void leases_hold::forget_ended() {
  std::erase_if(open_, [](const auto& entry) { return has_ended(entry.second); });
}

accounts_changed leases_hold::known_accounts() {
  std::lock_guard lock(notes_->guard);
  return notes_->accounts.back();
}

void leases_hold::run_requests() {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  auto next_kill = std::chrono::steady_clock::now();
  auto next_account_kill = next_kill;
  while (shared_.begun < requests_total || traces_->alive > 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), give_up)
        << traces_->alive << " connections hang; " << shared_.begun << " requests begun; "
        << waiting(queue::accounts) << " wait for accounts, " << waiting(queue::key)
        << " for their keys";
    forget_ended();
    while (shared_.begun < requests_total && open_.size() < connections_max) connect();
    kill_who_asked_for_it();
    if (std::chrono::steady_clock::now() >= next_kill) {
      kill_some_connection();
      next_kill += std::chrono::milliseconds(random_() % 12);
    }
    if (std::chrono::steady_clock::now() >= next_account_kill) {
      kill_some_account();
      next_account_kill += std::chrono::milliseconds(random_() % 800);
    }
    std::this_thread::yield();
  }
  open_.clear();
}

std::int64_t leases_hold::stored_requests() {
  for (const auto& aggregator : peers_[0].aggregators) {
    const auto flushed = ask<usage_flushed>(aggregator, flush_usage{});
    EXPECT_TRUE(flushed && flushed->stored);
  }
  const auto found = ask<usage_found>(storage_, query_usage{});
  std::int64_t requests = 0;
  for (const auto& sum : found->sums.value()) requests += sum.requests;
  return requests;
}

double leases_hold::counted_requests() const {
  std::istringstream lines(metrics_.text());
  double sum = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("baton_requests_total{")) sum += std::stod(line.substr(line.rfind(' ')));
  }
  return sum;
}

TEST_F(leases_hold, through_random_schedules_of_failures_and_deaths) {
  run_requests();
  if (HasFatalFailure()) return;
  std::cout << account_kills_ << " account actors killed, " << shared_.summary() << '\n';

  EXPECT_TRUE(shows_waiting(queue::accounts, 0));
  EXPECT_TRUE(shows_waiting(queue::key, 0));
  // The last one that was killed is about to be started again.
  EXPECT_TRUE(is_told(&notes::accounts, [](const auto& fact) {
    return std::none_of(fact.owners.begin(), fact.owners.end(),
                        [](const auto& entry) { return has_ended(entry.second); });
  }));
  const auto known = known_accounts();
  for (const auto& account : known.accounts) {
    const auto& config = account->config;
    const auto limit = static_cast<int>(config.concurrency_limit);
    EXPECT_LE(shared_.leased.at(config.id).most, limit) << config.name;
    EXPECT_TRUE(becomes_true(
        [&] { return metric("baton_account_inflight{account=\"" + config.name + "\"}") == 0; },
        slots_back_within))
        << config.name << " " << metric("baton_account_inflight{account=\"" + config.name + "\"}");
    const auto& owner = known.owners.at(config.id);
    caf::anon_send(owner, reconfigure_account{account});  // its circuit may be open
    std::vector<std::shared_ptr<lease>> held;
    for (int n = 0; n < limit; ++n) held.push_back(acquire(owner, storage_));
    EXPECT_EQ(std::count(held.begin(), held.end(), nullptr), 0) << config.name;
    EXPECT_EQ(acquire(owner, storage_), nullptr) << config.name;
  }
  for (const auto& key : shared_.keys) {
    const auto limit = static_cast<int>(key->limits.concurrency);
    if (limit == 0) continue;
    EXPECT_LE(shared_.admitted.at(key->id).most, limit) << key->name;
    std::vector<std::shared_ptr<reservation>> held;
    for (int n = 0; n <= limit; ++n) {
      auto answer = ask<admission_answered>(key_limits_owner(peers_[0].limits, key->id),
                                            admit_request{key, {}});
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->claim.has_value(), n < limit) << key->name << " " << n;
      if (answer->claim) held.push_back(*answer->claim);
    }
  }
  EXPECT_EQ(stored_requests(), shared_.served);
  EXPECT_EQ(counted_requests(), shared_.recorded);
  EXPECT_GT(shared_.served, requests_total / 10);  // it was not all refused
}

}  // namespace
}  // namespace baton::actors
