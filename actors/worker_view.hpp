// What all sessions of one worker see of the directory and of the prices: written by the worker's
// scheduler actor, read by its sessions, all on the same thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/time.hpp"
#include "relay/key_directory.hpp"
#include "relay/price_table.hpp"

namespace baton::actors {

// Of a key whose life begins with it, not in the directory yet.
struct first_use {
  wall_time when{};
  steady_time tell_again{};  // the store may not have heard
};

struct worker_view {
  // There is more than one account, so that it matters which session a request belongs to.
  bool has_choice = false;
  relay::key_directory_ptr keys = std::make_shared<const relay::key_directory>();
  relay::price_table_ptr prices = std::make_shared<const relay::price_table>();
  std::function<void()> on_keys;  // called when they have changed; null: nobody is
  // By the keys' hashes. The sessions add to it; what the directory knows is dropped.
  std::unordered_map<std::string, first_use> first_uses;

  void take_in(relay::key_directory_ptr newest) {
    keys = std::move(newest);
    std::erase_if(first_uses, [this](const auto& entry) {
      const auto key = keys->find(entry.first);
      return !key || !relay::awaits_first_use(*key);
    });
    if (on_keys) on_keys();
  }
};

}  // namespace baton::actors
