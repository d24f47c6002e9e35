// Clients' keys as JSON, by v1's names.
#pragma once

#include <nlohmann/json.hpp>

#include "admin/field.hpp"
#include "base/error.hpp"
#include "relay/api_key.hpp"

namespace baton::admin {

const field_table<relay::api_key>& key_fields();

// Reads a body into `key` and checks the whole; it stays as it was if that fails. Whether the
// account or the group it is bound to exists is for the caller to see. Errors: invalid_argument
// naming the field.
result<void> read_key(const nlohmann::json& object, relay::api_key& key, read_mode mode);

// Ranges, and what does not go together. The texts name fields. Errors: invalid_argument naming the
// field.
result<void> check_key(const relay::api_key& key);

}  // namespace baton::admin
