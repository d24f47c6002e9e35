// What all sessions of one worker see of the directory and of the prices: written by the worker's
// scheduler actor, read by its sessions, all on the same thread.
#pragma once

#include <memory>

#include "relay/key_directory.hpp"
#include "relay/price_table.hpp"

namespace baton::actors {

struct worker_view {
  // There is more than one account, so that it matters which session a request belongs to.
  bool has_choice = false;
  relay::key_directory_ptr keys = std::make_shared<const relay::key_directory>();
  relay::price_table_ptr prices = std::make_shared<const relay::price_table>();
};

}  // namespace baton::actors
