// What an upstream's answer or failure means: for the request (pass it on, or try another account)
// and for the account (how long to keep away from it). The tables are in verdict.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "relay/account.hpp"

namespace baton::relay {

// Why an attempt failed: the value of the metrics' `kind` and `reason` labels.
enum class failure_kind : std::uint8_t {
  connect,       // name, connect, proxy or TLS failure: nothing was sent
  timeout,       // no answer's head, or no first event of a stream, in time
  broken,        // the connection ended or spoke nonsense before there was an answer
  malformed,     // a stream whose first events are none of the API's
  error_event,   // a stream that began with an error of a kind without a row of its own
  unauthorized,  // 401
  forbidden,     // 403
  blocked,       // the answer says that the account is disabled
  rate_limited,  // 429
  overloaded,    // 529 and 503
  server_error,  // other 5xx
};
inline constexpr std::size_t failure_kind_count = 11;
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
  // Keep away only with models of this family (index into model_families); unset: with all.
  std::optional<std::size_t> family{};
  // It may be the request's own doing: the account is kept away from only if another one then
  // answers the same request.
  bool provisional = false;
};

// The headers of an answer that say when to come back; empty where the answer has none.
struct retry_headers {
  std::string_view retry_after;    // seconds or an HTTP date (RFC 9110 section 10.2.3)
  std::string_view unified_reset;  // anthropic-ratelimit-unified-reset: seconds since 1970
};

// An answer as far as it is known before anything of it has reached the client.
struct answer_facts {
  int status = 200;
  retry_headers headers;
  std::optional<std::chrono::seconds> wait;  // asked for in the upstream's own way
  bool not_here = false;          // what the request names is unknown to this account; see below
  std::string_view error_body;    // of a status of 400 or more, as far as it was read
  std::string_view request_body;  // what the client sent
  std::string_view model;         // that it asked for
};
verdict judge_answer(const answer_facts& answer, const account& by, wall_time now);

// An answer that points elsewhere, where nobody follows with an account's credential.
bool is_redirect(int status);

// For a failure without a usable answer. `reused_connection`: it was taken from the pool and may
// have been closed by the upstream meanwhile. `bytes_received`: something of an answer came.
verdict judge_failure(failure_kind kind, bool reused_connection, bool bytes_received,
                      bool streaming, const account& by);

// For an error in an answer with status 200, before any content of it. `kind`: see api::error_kind.
verdict judge_error_event(failure_kind kind, const account& by);

// Whether failures of this kind say that the upstream works badly, and so count for the account's
// circuit. The others have told how long to stay away, or concern the credential.
bool counts_for_circuit(failure_kind kind);

// How long an answer may keep an account away: by retry-after, and by the reset of a limit that
// lasts hours or days.
inline constexpr std::chrono::seconds cooldown_max{1800};
inline constexpr std::chrono::seconds reset_max{8 * 86'400};

// Seconds from `now` that retry-after asks for, at most cooldown_max.
std::optional<std::chrono::seconds> retry_after_delay(const retry_headers& headers, wall_time now);
// Seconds from `now` until the unified limit resets, at most reset_max.
std::optional<std::chrono::seconds> reset_delay(const retry_headers& headers, wall_time now);

}  // namespace baton::relay
