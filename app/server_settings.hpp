// What the parts of a server are told of the configuration, each in its own terms.
#pragma once

#include <string>

#include "actors/account_actor.hpp"
#include "actors/ledger_actor.hpp"
#include "app/config.hpp"
#include "net/relay_settings.hpp"
#include "relay/circuit_breaker.hpp"
#include "relay/fair_queue.hpp"
#include "relay/session_table.hpp"

namespace baton::app {

// For each of so many workers.
net::relay_settings relay_settings_of(const config& settings, const std::string& encryption_key,
                                      std::size_t workers);
relay::circuit_settings circuit_settings_of(const config& settings);
relay::session_settings session_settings_of(const config& settings);
actors::ledger_settings ledger_settings_of(const config& settings);
relay::fair_queue::settings queue_settings_of(const config& settings);

}  // namespace baton::app
