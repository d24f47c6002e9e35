// Groups of accounts as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "admin/field.hpp"
#include "base/error.hpp"
#include "relay/account_group.hpp"

namespace baton::admin {

const field_table<relay::account_group>& group_fields();

// Reads a body into `group` and checks the whole; it stays as it was if that fails. Errors:
// invalid_argument naming the field.
result<void> read_group(const nlohmann::json& object, relay::account_group& group, read_mode mode);

// Errors: as above.
result<void> check_group(const relay::account_group& group);

}  // namespace baton::admin
