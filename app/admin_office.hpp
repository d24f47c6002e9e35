// What the administration of a server works with: its own connection to the store, its logins.
#pragma once

#include <filesystem>
#include <functional>

#include "actors/admin_actor.hpp"
#include "app/config.hpp"
#include "base/crypto.hpp"
#include "storage/first_start.hpp"

namespace baton::app {

// `key` seals what is stored; `reload_prices` is called on the administration's thread. Errors: the
// store's.
result<actors::admin_office> open_admin_office(const config& settings,
                                               const storage::secrets& secrets,
                                               const crypto::key_256& key,
                                               std::function<void()> reload_prices);

}  // namespace baton::app
