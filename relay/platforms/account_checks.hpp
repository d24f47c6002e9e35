// Checks of an account's fields that are the same for every platform. Errors: invalid_argument,
// the text begins with the field's name in the admin API. No text repeats a secret.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "relay/account.hpp"
#include "relay/endpoint.hpp"

namespace baton::relay {

// A secret that becomes the value of a header: visible ASCII only, so that it can end neither the
// line nor the header. `field` names it in errors.
result<void> check_header_secret(std::string_view field, std::string_view secret);

// An API key or a session token, which becomes the value of a header; one of them is required.
result<void> check_key_or_token(const account_credential& credential);

// 1 to 256 bytes of UTF-8 that need no escapes in JSON.
result<void> check_model_name(std::string_view field, std::string_view name);

// Where the account's requests go: its apiUrl, or `usual` if it has none; required where that is
// empty too.
result<endpoint> check_api_url(const account& config, std::string_view usual = {});

// Priority, region, access key id, deployment, API version, models, groups, quota, disconnect
// policy, timeouts, cooldowns and proxy.
result<void> check_common_fields(const account& config);

}  // namespace baton::relay
