#include "relay/verdict.hpp"

#include <algorithm>

namespace baton::relay {
namespace {

using std::chrono::seconds;

constexpr verdict pass_on{};

verdict blamed(next_step step, failure_kind kind, seconds cooldown = seconds(0)) {
  return {step, kind, cooldown};
}

// How long to keep away from an account where its answer does not say.
struct waits {
  static constexpr seconds unauthorized{1800};
  static constexpr seconds forbidden{60};
  static constexpr seconds rate_limited{60};
  static constexpr seconds rate_limited_min{1};
  static constexpr seconds unavailable{10};
  static constexpr seconds overloaded{30};
  static constexpr seconds connect{10};
  static constexpr seconds timeout{10};
};

}  // namespace

std::string_view to_string(failure_kind kind) {
  switch (kind) {
    case failure_kind::connect: return "connect";
    case failure_kind::timeout: return "timeout";
    case failure_kind::broken: return "broken";
    case failure_kind::unauthorized: return "unauthorized";
    case failure_kind::forbidden: return "forbidden";
    case failure_kind::rate_limited: return "rate_limited";
    case failure_kind::overloaded: return "overloaded";
    case failure_kind::server_error: return "server_error";
  }
  return "server_error";
}

// Answers. Nothing of them has reached the client yet.
//
// | status      | next          | blame        | keep away for                                  |
// |-------------|---------------|--------------|------------------------------------------------|
// | 401         | other account | unauthorized | 1800 s: a credential does not come back itself |
// | 403         | other account | forbidden    | 60 s: may be this request's content alone      |
// | 429         | other account | rate_limited | what it asks for, or 60 s; at least 1 s        |
// | 503         | other account | overloaded   | what it asks for, or 10 s                      |
// | 529         | other account | overloaded   | what it asks for, or 30 s                      |
// | other 5xx   | other account | server_error | not at all: one bad answer says little         |
// | all others  | pass on       | nobody       | not at all: an answer, or the client's mistake |
//
// 408 is among the others: that upstream found this client's body too slow.
verdict judge_answer(int status, const retry_headers& headers, wall_time now) {
  const auto other_account = [](failure_kind kind, seconds cooldown) {
    return blamed(next_step::other_account, kind, cooldown);
  };
  const auto asked_or = [&](seconds usual) {
    return requested_delay(headers, now).value_or(usual);
  };
  switch (status) {
    case 401: return other_account(failure_kind::unauthorized, waits::unauthorized);
    case 403: return other_account(failure_kind::forbidden, waits::forbidden);
    case 429:
      return other_account(failure_kind::rate_limited,
                           std::max(asked_or(waits::rate_limited), waits::rate_limited_min));
    case 503: return other_account(failure_kind::overloaded, asked_or(waits::unavailable));
    case 529: return other_account(failure_kind::overloaded, asked_or(waits::overloaded));
    default: break;
  }
  if (status >= 500) return other_account(failure_kind::server_error, seconds(0));
  return pass_on;
}

// Failures without a usable answer. A POST may be given to somebody else only where nobody pays
// twice: an upstream that has read a request may work on it though its connection is gone. For
// requests that are not streamed the whole answer is made before its first byte comes, so a wait
// that breaks off or times out there can have been billed, and the client is told instead. A stream
// begins with its head at once, so that little was made before it failed.
//
// | failure                                  | streamed                | not streamed           |
// |------------------------------------------|-------------------------|------------------------|
// | connect (nothing was sent)               | other account, 10 s     | other account, 10 s    |
// | broken, reused connection, no byte back: | same account over a new connection; nobody is    |
// |   the upstream closed it while it idled  | blamed                                           |
// | broken otherwise                         | other account, blamed   | passed on, blamed      |
// | timeout                                  | other account, 10 s     | passed on, blamed      |
verdict judge_failure(failure_kind kind, bool reused_connection, bool bytes_received,
                      bool streaming) {
  if (kind == failure_kind::connect) {
    return blamed(next_step::other_account, kind, waits::connect);
  }
  if (kind == failure_kind::broken && reused_connection && !bytes_received) {
    return {next_step::same_account_fresh, std::nullopt, seconds(0)};
  }
  if (!streaming) return blamed(next_step::pass_on, kind);
  return blamed(next_step::other_account, kind,
                kind == failure_kind::timeout ? waits::timeout : seconds(0));
}

}  // namespace baton::relay
