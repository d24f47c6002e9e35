// What an upstream's answer or failure means: for the request (pass it on, or try another account)
// and for the account (how long to keep away from it). The table is in verdict.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace baton::relay {

// Why an attempt failed: the value of the metrics' `kind` and `reason` labels.
enum class failure_kind : std::uint8_t {
  connect,       // name, connect, proxy or TLS failure: nothing was sent
  timeout,       // no answer's head in time
  broken,        // the connection ended or spoke nonsense before the answer's head was complete
  unauthorized,  // 401
  forbidden,     // 403
  rate_limited,  // 429
  overloaded,    // 529 and 503
  server_error,  // other 5xx
};
inline constexpr std::size_t failure_kind_count = 8;
std::string_view to_string(failure_kind kind);

enum class next_step : std::uint8_t {
  pass_on,             // the answer, whatever it is, belongs to the client
  other_account,       // try the next account at once
  same_account_fresh,  // once more on this account over a new connection
};

struct verdict {
  next_step step = next_step::pass_on;
  std::optional<failure_kind> blame;  // set: the account is at fault
  std::chrono::seconds cooldown{0};   // keep away from the account for so long; 0: do not
};

// The headers of an answer that say when to come back; empty where the answer has none.
struct retry_headers {
  std::string_view retry_after;    // seconds or an HTTP date (RFC 9110 section 10.2.3)
  std::string_view unified_reset;  // anthropic-ratelimit-unified-reset: seconds since 1970
};

// For an answer's status line and headers, before anything has reached the client.
verdict judge_answer(int status, const retry_headers& headers, wall_time now);

// For a failure without a usable answer. `reused_connection`: it was taken from the pool and may
// have been closed by the upstream meanwhile. `bytes_received`: something of an answer came.
verdict judge_failure(failure_kind kind, bool reused_connection, bool bytes_received,
                      bool streaming);

// Seconds from `now` that the headers ask for, if they do; at most cooldown_max.
inline constexpr std::chrono::seconds cooldown_max{1800};
std::optional<std::chrono::seconds> requested_delay(const retry_headers& headers, wall_time now);

}  // namespace baton::relay
