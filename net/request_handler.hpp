// What a complete request head leads to: the route, the key, and who serves it.
#pragma once

#include "base/task.hpp"
#include "net/exchange.hpp"
#include "net/http_head.hpp"

namespace baton::net {

// Serves one request to its end and fills ex.record. `parser` has parsed the head.
task<void> handle_request(exchange& ex, request_parser& parser);

}  // namespace baton::net
