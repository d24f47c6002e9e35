// Which account a request would get, and why no other would: what account_pool::explain() tells.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"

namespace baton::relay {

// What decides about an account, in the order in which it is looked at.
enum class choice_reason : std::uint8_t {
  chosen,
  only_another,         // the request names an answer that another account keeps
  not_bound,            // the key is bound to others
  not_shared,           // it serves only keys that are bound to it, or to one of its groups
  inactive,             // switched off
  not_schedulable,      // taken out of the choice
  other_api,            // its platform does not answer what the client speaks
  model_not_supported,  // also: the request names no model, and it cannot do without
  already_tried,        // by this request
  cooling_down,         // this and the next ones: kept away from, see relay::account_state
  rate_limited,
  unauthorized,
  blocked,
  circuit_open,
  over_quota,
  busy,               // every slot of its concurrency limit is taken
  fallback_only,      // it stands in for the key's own accounts, one of which can
  session_elsewhere,  // it could, but the session belongs to another one
  lower_priority,     // it could, but its number is greater than that of another one
  not_its_turn,       // it could, and another one of its priority has the turn
};
std::string_view to_string(choice_reason reason);

struct account_explanation {
  account_id id;
  std::string name;
  std::string platform;
  int priority = 0;
  choice_reason reason = choice_reason::chosen;
  std::string text;                             // for people
  std::optional<std::chrono::seconds> back_in;  // where it is kept away from for a time
};

struct choice_explanation {
  std::optional<account_id> account;          // nothing: nobody can, see `refusal`
  bool fallback = false;                      // it stands in for those the key is bound to
  bool must_ask = false;                      // it has a limit, so its slots decide in the end
  error refusal{};                            // what the client would be told
  bool may_wait = false;                      // somebody could, but is full: the request would wait
  std::vector<account_explanation> accounts;  // all there are, by priority, then by age
};

}  // namespace baton::relay
