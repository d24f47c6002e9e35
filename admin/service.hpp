// Serves the calls of the administration's API, one at a time. Blocks on the store.
#pragma once

#include "admin/call.hpp"

namespace baton::admin {

// An answer, or what must be done first: the call is then made again with what was found.
struct step {
  std::variant<answer, errand> next;
  bool changed = false;  // keys, accounts or groups are others now: the relay must hear of it
};

// A call that fails is answered, too: with the error in the shape of its API.
step serve(desk& at, const request& asked, const findings& found, moment now);

// For what goes wrong before a call can be made, and after it: a body that is too large, an actor
// that is gone.
answer error_answer(const error& failure, std::string_view method, std::string_view path);

}  // namespace baton::admin
