// How long a key lives, in v1's fields: to a date ("fixed"), or for so many hours or days from its
// first use ("activation").
#pragma once

#include <nlohmann/json.hpp>

#include "admin/field.hpp"
#include "base/error.hpp"
#include "relay/api_key.hpp"

namespace baton::admin {

// Of the table of a key's fields. Reading one by itself checks it only: they make sense together.
field_table<relay::api_key> key_life_fields();

// Reads expiresAt, expirationMode, activationDays and activationUnit out of `object`, whose members
// are of the right types. A life from the first use that has begun already is counted anew. Errors:
// invalid_argument naming the field.
result<void> read_key_life(const nlohmann::json& object, relay::api_key& key);

}  // namespace baton::admin
