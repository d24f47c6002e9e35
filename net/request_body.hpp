// Reads a request's body to its end, with Content-Length or chunked.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "net/exchange.hpp"

namespace baton::net {

// Afterwards ex.body is the whole body, json_padding_bytes readable behind it. Sends "100 Continue"
// first where the client waits for it. Errors: body_too_large, overloaded (the worker's budget),
// malformed_request (chunks), cancelled (the client left), request_timeout. `bytes_max`: what it
// may have.
task<result<void>> read_body(exchange& ex, request_parser& parser, std::uint64_t bytes_max);

}  // namespace baton::net
