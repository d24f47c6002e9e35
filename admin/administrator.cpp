#include "admin/administrator.hpp"

#include <simdjson.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "admin/field_error.hpp"

namespace baton::admin {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

error changed_meanwhile() {
  return downstream_error(error_code::conflict,
                          "the password was changed by somebody else meanwhile");
}

std::string changes_of(std::string_view username_before, std::string_view username) {
  auto changes = nlohmann::ordered_json::object();
  if (username != username_before) changes["username"] = {username_before, username};
  changes["password"] = {"****", "****"};
  return changes.dump();
}

}  // namespace

result<void> check_username(std::string_view field, std::string_view username) {
  const bool good = !username.empty() && username.size() <= username_bytes_max &&
                    std::none_of(username.begin(), username.end(), is_control) &&
                    simdjson::validate_utf8(username.data(), username.size());
  if (good) return {};
  return field_error(field, "must have 1 to " + std::to_string(username_bytes_max) +
                                " bytes of UTF-8 without control characters");
}

result<void> check_new_password(std::string_view field, std::string_view password) {
  if (password.size() >= new_password_bytes_min && password.size() <= storage::password_bytes_max) {
    return {};
  }
  return field_error(field, "must have " + std::to_string(new_password_bytes_min) + " to " +
                                std::to_string(storage::password_bytes_max) + " bytes");
}

result<storage::admin_account> set_administrator(
    storage::store& store, std::string_view username, std::string_view password,
    storage::audit_entry entry, const std::optional<std::string>& expected_generation) {
  storage::admin_account now;
  const auto done = store.together([&]() -> result<void> {
    const auto before = storage::find_admin(store);
    if (!before) return before.error();
    const auto old = before->value_or(storage::admin_account{});
    if (expected_generation && old.generation != *expected_generation) return changed_meanwhile();
    if (auto set = storage::set_admin(store, username, password); !set) return set;
    const auto after = storage::find_admin(store);
    if (!after) return after.error();
    now = after->value();
    entry.action = "admin.set-password";
    entry.object_type = "admin";
    entry.object_name = username;
    entry.outcome = "done";
    entry.changes = changes_of(old.username, username);
    return store.add_audit(entry);
  });
  if (!done) return done.error();
  return now;
}

}  // namespace baton::admin
