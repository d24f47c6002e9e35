// What must be noticed though nobody sends a message about it: a change that another process makes
// in the store, and the end of an account's cooldown.
#include <gtest/gtest.h>

#include <caf/all.hpp>
#include <chrono>
#include <functional>

#include "actors/account_actor.hpp"
#include "actors/metric_labels.hpp"
#include "actors/runtime/coordinator.hpp"
#include "actors/storage_actor.hpp"
#include "base/crypto.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::actors {
namespace {

using std::chrono::seconds;

class change_notice : public testing::Test {
 protected:
  static caf::actor_system_config& on_one_worker(caf::actor_system_config& config) {
    runtime::use_workers(config, 1);
    return config;
  }

  runtime::worker& home() { return runtime::worker_at(system_, 0); }

  metrics::relay_metrics metrics_{1, relay_label_values()};
  caf::actor_system_config config_;
  caf::actor_system system_{on_one_worker(config_)};
};

std::unique_ptr<storage::store> open_store(const std::filesystem::path& file) {
  return std::move(storage::open_sqlite_store(file, crypto::key_256{}).value());
}

// The number of keys that the next directory from the storage actor has.
std::size_t keys_in_next_directory(caf::scoped_actor& self) {
  std::size_t keys = 0;
  self->receive([&](const directory_loaded& fact) { keys = fact.content->keys.size(); },
                caf::after(seconds(10)) >> [] { ADD_FAILURE() << "no directory came"; });
  return keys;
}

TEST_F(change_notice, a_key_made_right_after_the_directory_was_loaded_is_noticed) {
  const test_support::temp_dir folder;
  const auto file = folder.path() / "baton.db";
  const auto other_process = open_store(file);
  const auto storage = spawn_storage(
      system_, open_store(file), storage::ledger_reader(folder.path() / "ledger"), {}, metrics_);
  {
    caf::scoped_actor self{system_};
    self->send(storage, subscribe_directory{caf::actor(self)});
    EXPECT_EQ(keys_in_next_directory(self), 0u);
    relay::api_key key;
    key.id = key_id("a");
    key.name = "a";
    key.hash = "hash";
    ASSERT_TRUE(other_process->add_key(key));
    EXPECT_EQ(keys_in_next_directory(self), 1u);
  }
  caf::anon_send_exit(storage, caf::exit_reason::user_shutdown);
}

relay::ready_account_ptr make_account() {
  relay::account account;
  account.id = account_id("a");
  account.name = "main";
  account.platform = "claude-console";
  account.api_url = "http://127.0.0.1:9";
  account.credential.api_key = "secret";
  return std::make_shared<const relay::ready_account>(relay::prepare_account(account).value());
}

bool becomes_true(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + seconds(10);
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) return true;
    std::this_thread::yield();
  }
  return false;
}

TEST_F(change_notice, the_metric_of_an_account_shows_the_end_of_its_cooldown) {
  const auto shows = [&](const std::string& state) {
    return metrics_.text().find("state=\"" + state + "\"} 1") != std::string::npos;
  };
  const account_surroundings around{.observers = {},
                                    .waiting_room = nullptr,
                                    .storage = nullptr,
                                    .metrics = metrics_,
                                    .circuit = {}};
  const auto account = runtime::spawn_on<account_actor>(home(), make_account(), std::cref(around),
                                                        std::make_shared<account_slots>());
  EXPECT_TRUE(becomes_true([&] { return shows("active"); }));
  const relay::verdict rate_limited{relay::next_step::other_account,
                                    relay::failure_kind::rate_limited, seconds(1)};
  caf::anon_send(account, account_failed{rate_limited});
  EXPECT_TRUE(becomes_true([&] { return shows("rate_limited"); }));
  EXPECT_TRUE(becomes_true([&] { return shows("active"); }));
  caf::anon_send_exit(account, caf::exit_reason::user_shutdown);
  system_.await_all_actors_done();  // it uses the metrics until then
}

}  // namespace
}  // namespace baton::actors
