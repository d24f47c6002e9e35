// The administrator's name and password, which is stored only as an argon2id hash.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "storage/store.hpp"

namespace baton::storage {

// Longer passwords are refused: hashing them would take a caller's choice of time.
constexpr std::size_t password_bytes_max = 1024;

// Makes the administrator unless there is one, with `password` or, without it, a new one of 24
// characters. Returns the new one, to be shown once, or nothing if there was none to make. An
// administrator who is there already keeps name and password.
result<std::optional<std::string>> ensure_admin(store& store, std::string_view username,
                                                const std::optional<std::string>& password);

struct admin_account {
  std::string username;
  // Another text whenever name or password are set, even to what they were. What was given out for
  // a password holds it, and is worth nothing once it differs. It tells nothing of the password.
  std::string generation;
};
// Nothing: there is none.
result<std::optional<admin_account>> find_admin(store& store);

result<std::string> generate_password();  // 24 characters, 120 random bits

// Sets name and password, whether there was an administrator or not.
result<void> set_admin(store& store, std::string_view username, std::string_view password);

// Whether these are the administrator's. Takes some 20 ms of one core, whether the name is right or
// not, so that its duration does not tell.
result<bool> verify_admin(store& store, std::string_view username, std::string_view password);

}  // namespace baton::storage
