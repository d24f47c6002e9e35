// The administrator's name and password: rules for new ones, and setting them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "storage/admin_password.hpp"
#include "storage/audit.hpp"
#include "storage/store.hpp"

namespace baton::admin {

constexpr std::size_t new_password_bytes_min = 8;
constexpr std::size_t username_bytes_max = 64;

// Errors: invalid_argument about `field`, without the value.
result<void> check_username(std::string_view field, std::string_view username);
result<void> check_new_password(std::string_view field, std::string_view password);

// Sets both, which ends all logins, and adds `entry` to the audit log, in one transaction. `entry`
// says who does it, from where and when. Name and password must have passed the checks. Gives what
// is there now. Errors: conflict if `expected_generation` is given and not the present one.
result<storage::admin_account> set_administrator(
    storage::store& store, std::string_view username, std::string_view password,
    storage::audit_entry entry, const std::optional<std::string>& expected_generation = {});

}  // namespace baton::admin
