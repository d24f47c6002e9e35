// The administration's API over HTTP: what the paths under /api/v2, /admin and /web are answered.
#pragma once

#include "base/task.hpp"
#include "net/exchange.hpp"

namespace baton::net {

// Reads the body, which may have no more than 1 MiB, and has the call served.
task<void> answer_admin(exchange& ex, request_parser& parser);

}  // namespace baton::net
