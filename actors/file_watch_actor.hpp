// Looks every few seconds, and when it is told to, whether files have changed that the server has
// read: prices, certificates. On a thread of its own, since reading a file may block.
#pragma once

#include <caf/event_based_actor.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "actors/messages.hpp"
#include "base/time.hpp"

namespace baton::actors {

// What is read from files and can be read anew. Belongs to the watch, is called on its thread only
// and destroyed there.
class watched_files {
 public:
  virtual ~watched_files() = default;

  // Puts in force what has changed since the last call, or what is there in any case if `wanted`.
  // What cannot be used changes nothing. May block.
  virtual void look(wall_time now, bool wanted) = 0;
};

using watch_list = std::vector<std::unique_ptr<watched_files>>;

class file_watch_actor final : public caf::event_based_actor {
 public:
  file_watch_actor(caf::actor_config& config, watch_list watched,
                   std::chrono::milliseconds interval);

  const char* name() const override { return "file_watch"; }
  caf::behavior make_behavior() override;
  void on_exit() override { watched_.clear(); }

 private:
  void look(bool wanted);

  watch_list watched_;
  const std::chrono::milliseconds interval_;
};

// Spawns it on a thread of its own.
caf::actor spawn_file_watch(caf::actor_system& system, watch_list watched,
                            std::chrono::milliseconds interval = std::chrono::seconds(2));

}  // namespace baton::actors
