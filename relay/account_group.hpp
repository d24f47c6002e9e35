// A group of accounts, which keys can be bound to. An account names the groups it belongs to.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace baton::relay {

struct account_group {
  group_id id;
  std::string name;  // unique
  std::string description;
  wall_time created_at{};
  wall_time updated_at{};
};

// Name and description. Names are written in lists (a,b) beside the words "none" and "any", so they
// have no comma and are neither. Errors: invalid_argument, the text begins with the field's name.
result<void> check_group(const account_group& group);

}  // namespace baton::relay
