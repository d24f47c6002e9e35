// Connects to an account's upstream: name, TCP, proxy, TLS; each step within its own time.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "net/channel.hpp"
#include "net/deadline_sweep.hpp"
#include "net/relay_settings.hpp"
#include "net/tls.hpp"
#include "relay/platform.hpp"

namespace baton::net {

// Errors: upstream_unreachable, saying which step failed and why. All references must outlive the
// task.
task<result<channel_ptr>> connect_upstream(event_loop& loop, deadline_sweep& deadlines,
                                           const relay_settings& settings, tls_client& tls,
                                           const relay::ready_account& account);

}  // namespace baton::net
