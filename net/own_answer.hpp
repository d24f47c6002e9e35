// Answers that Baton gives itself, errors among them.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "base/task.hpp"
#include "net/exchange.hpp"

namespace baton::net {

// Sends a complete answer. `extra_lines`: further header lines, each with its CRLF. The connection
// stays usable unless the request's body has not been read.
task<void> send_answer(exchange& ex, int status, std::string_view content_type,
                       std::string_view body, std::string_view extra_lines = {});

// Sends `failure` in the shape of the exchange's API and notes it in the record.
task<void> send_error(exchange& ex, const error& failure, std::string_view extra_lines = {});

// "200 OK"; just the number for a status without a name here.
std::string_view reason_phrase(int status);

}  // namespace baton::net
