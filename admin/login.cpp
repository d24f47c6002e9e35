#include "admin/login.hpp"

#include "admin/administrator.hpp"
#include "admin/field_error.hpp"

namespace baton::admin {
namespace {

constexpr std::string_view object_type = "admin";

error wrong_login() {
  return downstream_error(error_code::unauthenticated, "Invalid username or password");
}

error too_many(std::chrono::seconds retry_after) {
  auto failure =
      downstream_error(error_code::rate_limited, "Too many attempts to log in; try again in " +
                                                     std::to_string(retry_after.count()) + " s");
  failure.retry_after = retry_after;
  return failure;
}

storage::audit_entry entry_by(std::string_view actor, std::string_view address, wall_time at) {
  storage::audit_entry entry;
  entry.at = at;
  entry.actor = actor;
  entry.address = address;
  entry.object_type = object_type;
  return entry;
}

}  // namespace

error login_service::recorded(storage::audit_entry entry, error failure) {
  entry.outcome = to_string(failure.code);
  const auto added = store_.add_audit(entry);
  return added ? std::move(failure) : added.error();
}

result<storage::admin_account> login_service::check_password(const login_attempt& attempt,
                                                             std::string_view actor,
                                                             std::string_view action, moment now) {
  const auto admin = storage::find_admin(store_);
  if (!admin) return admin.error();
  auto entry = entry_by(actor, attempt.address, now.wall);
  entry.action = action;
  if (*admin && attempt.username == (*admin)->username) entry.object_name = attempt.username;
  if (*admin && generation_ != (*admin)->generation) {
    generation_ = (*admin)->generation;
    guard_.forget_failures();
  }
  if (const auto refused = guard_.refuse(attempt.address, attempt.username, now.steady)) {
    auto failure = too_many(refused->retry_after);
    return refused->is_first ? recorded(std::move(entry), std::move(failure)) : failure;
  }
  const auto right = storage::verify_admin(store_, attempt.username, attempt.password);
  if (!right) return right.error();
  if (!*right || !*admin) {
    guard_.failed(attempt.address, attempt.username, now.steady);
    return recorded(std::move(entry), wrong_login());
  }
  guard_.succeeded(attempt.address, now.steady);
  return **admin;
}

issued_token login_service::issue(const storage::admin_account& admin, wall_time now) const {
  const auto issued_at = std::chrono::floor<std::chrono::seconds>(now);
  const token_claims claims{admin.username, new_token_id(), admin.generation, issued_at,
                            issued_at + session_};
  return {signer_.sign(claims), admin.username, session_};
}

result<issued_token> login_service::log_in(const login_attempt& attempt, moment now) {
  const auto admin = check_password(attempt, {}, "admin.login", now);
  if (!admin) return admin.error();
  auto entry = entry_by(admin->username, attempt.address, now.wall);
  entry.action = "admin.login";
  entry.object_name = admin->username;
  entry.outcome = "done";
  if (const auto added = store_.add_audit(entry); !added) return added.error();
  return issue(*admin, now.wall);
}

result<admin_identity> login_service::authenticate(std::string_view token, wall_time now) {
  const auto claims = signer_.verify(token, now);
  if (!claims) return claims.error();
  const auto admin = storage::find_admin(store_);
  if (!admin) return admin.error();
  const bool is_current =
      *admin && claims->generation == (*admin)->generation && claims->subject == (*admin)->username;
  if (!is_current) return wrong_token();
  const auto ended = store_.ended_login(claims->id);
  if (!ended) return ended.error();
  if (*ended) return wrong_token();
  return admin_identity{claims->subject, claims->id, claims->expires_at};
}

result<void> login_service::end_login(const admin_identity& who, std::string_view action,
                                      std::string_view address, wall_time now) {
  auto entry = entry_by(who.username, address, now);
  entry.action = action;
  entry.object_name = who.username;
  entry.outcome = "done";
  return store_.together([&]() -> result<void> {
    if (auto done = store_.end_login(who.token_id, who.expires_at, now); !done) return done;
    return store_.add_audit(entry);
  });
}

result<void> login_service::log_out(const admin_identity& who, std::string_view address,
                                    wall_time now) {
  return end_login(who, "admin.logout", address, now);
}

// In one transaction, so that no password is changed meanwhile: the new token would outlive that.
result<issued_token> login_service::renew(std::string_view token, std::string_view address,
                                          wall_time now) {
  issued_token renewed;
  const auto done = store_.together([&]() -> result<void> {
    const auto who = authenticate(token, now);
    if (!who) return who.error();
    const auto admin = storage::find_admin(store_);
    if (!admin) return admin.error();
    renewed = issue(**admin, now);
    return end_login(*who, "admin.refresh", address, now);
  });
  if (!done) return done.error();
  return renewed;
}

result<issued_token> login_service::change_password(const admin_identity& who,
                                                    const password_change& change, moment now) {
  const auto username = change.new_username.value_or(who.username);
  if (auto good = check_username("newUsername", username); !good) return good.error();
  if (auto good = check_new_password("newPassword", change.new_password); !good) {
    return good.error();
  }
  const auto admin = check_password({who.username, change.current_password, change.address},
                                    who.username, "admin.set-password", now);
  if (!admin && admin.error().code == error_code::unauthenticated) {
    return field_error("currentPassword", "is wrong");
  }
  if (!admin) return admin.error();

  const auto changed =
      set_administrator(store_, username, change.new_password,
                        entry_by(who.username, change.address, now.wall), admin->generation);
  if (!changed) return changed.error();
  return issue(*changed, now.wall);
}

}  // namespace baton::admin
