// Serves the administration's calls, one at a time, on a thread of its own: every call blocks on
// the store, and a login on the hash of a password. It has a connection to the store of its own, so
// that a long list keeps no usage from being written.
#pragma once

#include <caf/event_based_actor.hpp>
#include <memory>

#include "actors/admin_messages.hpp"
#include "admin/service.hpp"

namespace baton::actors {

// What an administration needs that lives as long as it does.
struct admin_office {
  std::unique_ptr<storage::store> store;
  std::unique_ptr<storage::ledger_reader> ledger;
  std::unique_ptr<admin::login_service> logins;
  std::unique_ptr<admin::live_config> config;
  std::unique_ptr<admin::desk> desk;  // refers to the others
};

class admin_actor final : public caf::event_based_actor {
 public:
  admin_actor(caf::actor_config& config, admin_office office);

  const char* name() const override { return "admin"; }
  caf::behavior make_behavior() override;

 private:
  admin::step serve(const administer& order);

  admin_office office_;
};

// Spawns it on a thread of its own.
caf::actor spawn_admin(caf::actor_system& system, admin_office office);

}  // namespace baton::actors
