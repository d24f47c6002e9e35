// What all sessions of one worker see of the directory: written by the worker's scheduler actor,
// read by its sessions, all on the same thread.
#pragma once

#include <memory>

#include "relay/key_directory.hpp"

namespace baton::actors {

struct worker_view {
  relay::key_directory_ptr keys = std::make_shared<const relay::key_directory>();
};

}  // namespace baton::actors
