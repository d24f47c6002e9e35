#include "actors/directory_actor.hpp"

#include <algorithm>

#include "actors/relay_fixture.test.hpp"
#include "actors/scheduler_actor.hpp"

namespace baton::actors {
namespace {

// A store whose content the test sets: every change goes to the directory at once.
class content_actor final : public runtime::pinned_actor {
 public:
  using pinned_actor::pinned_actor;
  caf::behavior make_behavior() override {
    return {
        [this](const subscribe_directory& order) { subscriber_ = order.receiver; },
        [this](const directory_loaded& fact) {
          if (subscriber_) send(subscriber_, fact);
        },
    };
  }
  void on_exit() override { subscriber_ = nullptr; }

 private:
  caf::actor subscriber_;
};

class directories : public relay_actor_test {
 protected:
  void SetUp() override {
    storage_ = spawn<content_actor>(at(1));
    const std::vector<caf::actor> schedulers{listening()};
    around_.observers = schedulers;
    directory_ = spawn<directory_actor>(at(0), storage_, schedulers, std::cref(around_));
  }
  void TearDown() override {
    storage_ = directory_ = nullptr;
    relay_actor_test::TearDown();
  }

  void load(std::vector<relay::account> accounts, std::vector<relay::api_key> keys = {}) {
    auto content = std::make_shared<storage::directory>();
    content->accounts = std::move(accounts);
    content->keys = std::move(keys);
    caf::anon_send(directory_, directory_loaded{content});
  }
  bool is_ready() { return ask<directory_ready>(directory_, await_directory{}).has_value(); }

  // What schedulers know now, waited for until it has accounts of these names.
  accounts_changed await_accounts(std::vector<std::string> names) {
    accounts_changed newest;
    EXPECT_TRUE(is_told(&notes::accounts, [&](const accounts_changed& fact) {
      newest = fact;
      std::vector<std::string> found;
      for (const auto& account : fact.accounts) found.push_back(account->config.name);
      std::sort(found.begin(), found.end());
      return found == names;
    }));
    return newest;
  }
  static bool is_alive(const caf::actor& account) {
    return !caf::actor_cast<caf::strong_actor_ptr>(account)->get()->getf(
        caf::abstract_actor::is_terminated_flag);
  }

  caf::actor storage_;
  caf::actor directory_;
};

relay::account changed(relay::account config) {
  config.updated_at += std::chrono::seconds(1);
  return config;
}

TEST_F(directories, put_what_is_stored_in_force) {
  load({account_config("a", 2), account_config("b")}, {key_config("k")});
  ASSERT_TRUE(is_ready());
  const auto known = await_accounts({"a", "b"});
  EXPECT_EQ(known.owners.size(), 2u);
  EXPECT_TRUE(is_told(&notes::keys, [](const auto& keys) { return keys->find("hash-k"); }));
  const auto owner = known.owners.at(account_id("id-a"));
  EXPECT_TRUE(ask<lease_answered>(owner, acquire_lease{owner.address()}));
}

TEST_F(directories, let_those_who_wait_for_the_first_content_wait) {
  caf::scoped_actor self{system_};
  auto waiting = self->request(directory_, patience, await_directory{});
  load({});
  bool ready = false;
  waiting.receive([&](directory_ready) { ready = true; }, [](caf::error&) {});
  EXPECT_TRUE(ready);
  EXPECT_TRUE(is_ready());
}

TEST_F(directories, that_end_before_say_so_to_those_who_wait) {
  caf::scoped_actor self{system_};
  auto waiting = self->request(directory_, patience, await_directory{});
  kill(directory_);
  bool failed = false;
  waiting.receive([](directory_ready) {},
                  [&](caf::error& why) { failed = why != caf::sec::request_timeout; });
  EXPECT_TRUE(failed);
}

TEST_F(directories, keep_the_actor_of_an_account_that_is_changed) {
  load({account_config("a", 1)});
  const auto owner = await_accounts({"a"}).owners.at(account_id("id-a"));
  const auto held = ask<lease_answered>(owner, acquire_lease{owner.address()});
  auto wider = changed(account_config("a", 2));
  wider.name = "b";
  load({wider});
  const auto known = await_accounts({"b"});
  EXPECT_EQ(known.owners.at(account_id("id-a")), owner);
  EXPECT_EQ(known.accounts[0]->config.concurrency_limit, 2u);
  // The new limit, with the lease still counted.
  const auto second = ask<lease_answered>(owner, acquire_lease{owner.address()});
  EXPECT_TRUE(second->slot);
  EXPECT_FALSE(ask<lease_answered>(owner, acquire_lease{owner.address()})->slot);
}

TEST_F(directories, end_the_actor_of_an_account_that_is_removed) {
  load({account_config("a"), account_config("b")});
  const auto owner = await_accounts({"a", "b"}).owners.at(account_id("id-a"));
  load({account_config("b")});
  const auto known = await_accounts({"b"});
  EXPECT_FALSE(known.owners.contains(account_id("id-a")));
  EXPECT_TRUE(becomes_true([&] { return !is_alive(owner); }));
  EXPECT_TRUE(becomes_true([&] { return metric(R"(baton_account_inflight{account="a"})") == -1; }));
}

// The successor knows what was granted before it.
TEST_F(directories, start_the_actor_of_an_account_again_when_it_fails) {
  load({account_config("a", 1), account_config("b")});
  const auto before = await_accounts({"a", "b"});
  const auto first = before.owners.at(account_id("id-a"));
  auto held = acquire(first, directory_);
  ASSERT_TRUE(held);
  kill(first);
  EXPECT_TRUE(is_told(&notes::accounts, [&](const accounts_changed& fact) {
    return fact.owners.at(account_id("id-a")) != first;
  }));
  const auto after = await_accounts({"a", "b"});
  const auto second = after.owners.at(account_id("id-a"));
  EXPECT_EQ(after.owners.at(account_id("id-b")), before.owners.at(account_id("id-b")));
  EXPECT_FALSE(acquire(second, directory_));
  held.reset();
  std::shared_ptr<lease> again;
  EXPECT_TRUE(becomes_true([&] { return (again = acquire(second, directory_)) != nullptr; }));
  EXPECT_FALSE(acquire(second, directory_));
}

// Otherwise a scheduler that hears of the status first would take the account for one without a
// limit.
TEST_F(directories, let_a_new_account_tell_its_status_to_those_who_know_it) {
  std::vector<relay::account> accounts;
  for (int n = 0; n < 20; ++n) accounts.push_back(account_config("a" + std::to_string(n), 1));
  worker_view view;
  const auto scheduler = spawn<scheduler_actor>(at(1), std::ref(view));
  around_.observers.push_back(scheduler);
  load(accounts);
  ASSERT_TRUE(is_ready());
  for (const auto& each : accounts) {
    auto key = key_config("k");
    key.bound_account = each.id;
    choose_account wish;
    wish.key = std::make_shared<const relay::api_key>(key);
    EXPECT_TRUE(becomes_true([&] { return ask<account_chosen>(scheduler, wish)->owner != nullptr; },
                             std::chrono::seconds(2)))
        << each.name;
  }
  kill(scheduler);  // it uses the view
}

TEST_F(directories, leave_out_an_account_that_cannot_be_used) {
  auto broken = account_config("broken");
  broken.api_url = "ftp://nowhere";
  load({broken, account_config("fine")});
  await_accounts({"fine"});
  EXPECT_TRUE(is_ready());
  // Mended, it joins.
  load({changed(account_config("broken")), account_config("fine")});
  await_accounts({"broken", "fine"});
}

TEST_F(directories, take_their_account_actors_with_them) {
  load({account_config("a"), account_config("b")});
  const auto known = await_accounts({"a", "b"});
  kill(directory_);
  for (const auto& [id, owner] : known.owners) {
    EXPECT_TRUE(becomes_true([&] { return !is_alive(owner); })) << id.value();
  }
}

}  // namespace
}  // namespace baton::actors
