#include "relay/verdict.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "relay/model_family.hpp"

namespace baton::relay {
namespace {

using std::chrono::seconds;

constexpr verdict pass_on{};

// How long to keep away from an account where its answer does not say.
//
// | kind         | for    | because                                                             |
// |--------------|--------|---------------------------------------------------------------------|
// | connect      | 10 s   | the next request would wait as long for nothing                     |
// | timeout      | 10 s   | the same                                                            |
// | unauthorized | 1800 s | a credential does not come back by itself                           |
// | blocked      | 1800 s | nor does a disabled account                                         |
// | forbidden    | 60 s   | where another account had no objection                              |
// | rate_limited | 60 s   | limits are mostly per minute                                        |
// | overloaded   | 30 s   | 529, and 10 s for a 503                                             |
// | the others   | 0 s    | one bad answer says little; the circuit counts them                 |
seconds usual_wait(failure_kind kind) {
  switch (kind) {
    case failure_kind::connect:
    case failure_kind::timeout: return seconds(10);
    case failure_kind::unauthorized:
    case failure_kind::blocked: return seconds(1800);
    case failure_kind::forbidden:
    case failure_kind::rate_limited: return seconds(60);
    case failure_kind::overloaded: return seconds(30);
    case failure_kind::broken:
    case failure_kind::malformed:
    case failure_kind::error_event:
    case failure_kind::server_error: return seconds(0);
  }
  return seconds(0);
}

// An operator's rule for the account replaces the table.
std::optional<seconds> rule_of(const account& by, failure_kind kind) {
  const auto rule = by.cooldowns.find(to_string(kind));
  if (rule == by.cooldowns.end()) return std::nullopt;
  return rule->second;
}

bool is_provisional(failure_kind kind) {
  switch (kind) {
    case failure_kind::timeout:
    case failure_kind::broken:
    case failure_kind::malformed:
    case failure_kind::error_event:
    case failure_kind::unauthorized:
    case failure_kind::forbidden:
    case failure_kind::server_error: return true;
    default: return false;
  }
}

verdict blamed(next_step step, failure_kind kind, seconds cooldown) {
  verdict judged{step, kind, cooldown};
  judged.provisional = is_provisional(kind);
  return judged;
}

verdict other_account(failure_kind kind, const account& by) {
  return blamed(next_step::other_account, kind, rule_of(by, kind).value_or(usual_wait(kind)));
}

// As above, but an answer that asks for a time of its own gets it. A rule of 0 s means never.
verdict other_account_for(failure_kind kind, std::optional<seconds> asked, seconds usual,
                          const account& by) {
  const auto rule = rule_of(by, kind);
  if (rule == seconds(0)) return blamed(next_step::other_account, kind, seconds(0));
  return blamed(next_step::other_account, kind, asked.value_or(rule.value_or(usual)));
}

// What upstreams write when the account itself is the problem, beside 401: v1's list. A client must
// not be able to have an account blocked by making the upstream repeat its own words.
bool says_account_is_disabled(const answer_facts& answer) {
  constexpr std::array<std::string_view, 8> phrases = {
      "organization has been disabled",
      "account has been disabled",
      "account is disabled",
      "no account supporting",
      "account not found",
      "invalid account",
      "too many active sessions",
      "oauth authentication is currently not allowed"};
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    return text::icontains(answer.error_body, phrase) &&
           !text::icontains(answer.request_body, phrase);
  });
}

std::optional<seconds> wait_asked_for(const answer_facts& answer, wall_time now) {
  const auto by_header = retry_after_delay(answer.headers, now);
  if (by_header || !answer.wait) return by_header;
  return std::min(*answer.wait, cooldown_max);
}

// A limit with a reset of its own may be one of a model family; without it the account is full.
// "Extra usage" is refused for this request alone: long contexts need a setting of the account's.
verdict judge_rate_limit(const answer_facts& answer, const account& by, wall_time now) {
  if (text::icontains(answer.error_body, "extra usage")) {
    return blamed(next_step::other_account, failure_kind::rate_limited, seconds(0));
  }
  const auto reset = reset_delay(answer.headers, now);
  const auto asked = reset ? reset : wait_asked_for(answer, now);
  auto judged = other_account_for(failure_kind::rate_limited, asked,
                                  usual_wait(failure_kind::rate_limited), by);
  if (asked && judged.cooldown < seconds(1) && !rule_of(by, failure_kind::rate_limited)) {
    judged.cooldown = seconds(1);
  }
  if (reset) judged.family = family_of(answer.model);
  return judged;
}

}  // namespace

std::string_view to_string(failure_kind kind) {
  switch (kind) {
    case failure_kind::connect: return "connect";
    case failure_kind::timeout: return "timeout";
    case failure_kind::broken: return "broken";
    case failure_kind::malformed: return "malformed";
    case failure_kind::error_event: return "error_event";
    case failure_kind::unauthorized: return "unauthorized";
    case failure_kind::forbidden: return "forbidden";
    case failure_kind::blocked: return "blocked";
    case failure_kind::rate_limited: return "rate_limited";
    case failure_kind::overloaded: return "overloaded";
    case failure_kind::server_error: return "server_error";
  }
  return "server_error";
}

// Answers. Nothing of them has reached the client yet.
//
// | status           | next          | blame        | keep away for                             |
// |------------------|---------------|--------------|-------------------------------------------|
// | 3xx but 304      | other account | server_error?| not at all: it is none of the API's       |
// | 401              | other account | unauthorized?| 1800 s                                    |
// | 400, 403 that    | other account | blocked      | 1800 s                                    |
// | say "disabled"   |               |              |                                           |
// | 403              | other account | forbidden ?  | 60 s                                      |
// | 429              | other account | rate_limited | until the reset it names, with models of  |
// |                  |               |              | the family asked for; else what           |
// |                  |               |              | retry-after says; else 60 s               |
// | 503              | other account | overloaded   | what it asks for, or 10 s                 |
// | 529              | other account | overloaded   | what it asks for, or 30 s                 |
// | other 5xx        | other account | server_error?| not at all                                |
// | all others       | pass on       | nobody       | not at all: the client's mistake          |
//
// An account that does not know the stored answer which a request names is not to blame: another
// one may have made it.
//
// "?": provisional, see verdict. 408 is among the others: that upstream found this client's body
// too slow.
verdict judge_answer(const answer_facts& answer, const account& by, wall_time now) {
  constexpr seconds unavailable_wait{10};
  if (answer.not_here) return {next_step::other_account, std::nullopt, seconds(0)};
  if (is_redirect(answer.status)) return other_account(failure_kind::server_error, by);
  switch (answer.status) {
    case 401: return other_account(failure_kind::unauthorized, by);
    case 400:
      return says_account_is_disabled(answer) ? other_account(failure_kind::blocked, by) : pass_on;
    case 403:
      return other_account(
          says_account_is_disabled(answer) ? failure_kind::blocked : failure_kind::forbidden, by);
    case 429: return judge_rate_limit(answer, by, now);
    case 503:
      return other_account_for(failure_kind::overloaded, wait_asked_for(answer, now),
                               unavailable_wait, by);
    case 529:
      return other_account_for(failure_kind::overloaded, wait_asked_for(answer, now),
                               usual_wait(failure_kind::overloaded), by);
    default: break;
  }
  return answer.status >= 500 ? other_account(failure_kind::server_error, by) : pass_on;
}

bool is_redirect(int status) {
  return status >= 300 && status < 400 && status != 304;
}

// Failures without a usable answer. A POST may be given to somebody else only where nobody pays
// twice: an upstream that has read a request may work on it though its connection is gone. For
// requests that are not streamed the whole answer is made before its first byte comes, so a wait
// that breaks off or times out there can have been billed, and the client is told instead. A stream
// begins with its head at once, so that little was made before it failed.
//
// | failure                                  | streamed                | not streamed           |
// |------------------------------------------|-------------------------|------------------------|
// | connect (nothing was sent)               | other account           | other account          |
// | broken, reused connection, no byte back: | same account over a new connection; nobody is    |
// |   the upstream closed it while it idled  | blamed                                           |
// | broken otherwise, malformed              | other account, blamed ? | passed on, blamed ?    |
// | timeout                                  | other account, blamed ? | passed on, blamed ?    |
verdict judge_failure(failure_kind kind, bool reused_connection, bool bytes_received,
                      bool streaming, const account& by) {
  if (kind == failure_kind::broken && reused_connection && !bytes_received) {
    return {next_step::same_account_fresh, std::nullopt, seconds(0)};
  }
  auto judged = other_account(kind, by);
  if (kind != failure_kind::connect && !streaming) judged.step = next_step::pass_on;
  return judged;
}

verdict judge_error_event(failure_kind kind, const account& by) {
  return other_account(kind, by);
}

bool counts_for_circuit(failure_kind kind) {
  switch (kind) {
    case failure_kind::connect:
    case failure_kind::timeout:
    case failure_kind::broken:
    case failure_kind::malformed:
    case failure_kind::error_event:
    case failure_kind::overloaded:
    case failure_kind::server_error: return true;
    case failure_kind::unauthorized:
    case failure_kind::forbidden:
    case failure_kind::blocked:
    case failure_kind::rate_limited: return false;
  }
  return false;
}

}  // namespace baton::relay
