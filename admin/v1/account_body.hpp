// Accounts in v1's words, where they are other ones than those of admin/account_fields.hpp.
#pragma once

#include <nlohmann/json.hpp>

#include "admin/field.hpp"
#include "base/error.hpp"
#include "relay/account.hpp"
#include "relay/account_report.hpp"

namespace baton::admin::v1 {

// `report`: how it does; null where it cannot be used as it is stored.
nlohmann::ordered_json account_json(const relay::account& account,
                                    const relay::account_report* report);

// v1's word for that: "active", "rate_limited", "quota_exceeded", …
std::string_view status_word(const relay::account_report* report);

// Reads a body of v1 into `account`, which stays as it was if that fails. Errors: invalid_argument
// naming the field.
result<void> read_account(nlohmann::json body, relay::account& account, read_mode mode);

}  // namespace baton::admin::v1
