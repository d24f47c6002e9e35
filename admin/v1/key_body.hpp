// Keys in v1's words. Most fields have v1's names anyway (admin/key_fields.hpp); what differs is
// here: v1 has a field for each kind of account that a key may be bound to, takes a text for a
// number, and null for what is not set.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.hpp"
#include "relay/account.hpp"
#include "relay/api_key.hpp"

namespace baton::admin::v1 {

// `accounts`: all of them, to tell what kind the key is bound to.
nlohmann::ordered_json key_json(const relay::api_key& key,
                                const std::vector<relay::account>& accounts);

// A body of v1 as read_key() takes it. `before`: the key as it is; a new one is bound to nothing.
// Errors: invalid_argument naming the field.
result<nlohmann::json> key_body(nlohmann::json body, const relay::api_key& before,
                                const std::vector<relay::account>& accounts);

}  // namespace baton::admin::v1
