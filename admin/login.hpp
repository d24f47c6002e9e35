// Logging in and out of the administration. Blocks on the store and, to check a password, for some
// 20 ms. Belongs to one thread.
//
// A token names the password that it was given for (storage::admin_account::generation). So whoever
// changes the password, here or by the command line, ends every login by that.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "admin/login_guard.hpp"
#include "admin/token.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "storage/admin_password.hpp"
#include "storage/store.hpp"

namespace baton::admin {

struct login_attempt {
  std::string_view username;
  std::string_view password;
  std::string_view address;  // the client's IP
};

struct issued_token {
  std::string token;
  std::string username;
  std::chrono::seconds expires_in{};
};

// Whose token it is.
struct admin_identity {
  std::string username;
  std::string token_id;
  std::chrono::sys_seconds expires_at{};
};

struct password_change {
  std::string_view current_password;
  std::string_view new_password;
  std::optional<std::string_view> new_username;  // nothing: it stays
  std::string_view address;                      // the client's IP
};

// Every attempt whose password was looked at is in the audit log, and of those that the guard
// refuses the first of a row. A name that is not the administrator's is not written down: people
// type passwords there.
class login_service {
 public:
  login_service(storage::store& store, token_signer signer, std::chrono::seconds session)
      : store_(store), signer_(std::move(signer)), session_(session) {}

  // Takes as long for a wrong name as for a wrong password. Errors: unauthenticated; rate_limited
  // with retry_after.
  result<issued_token> log_in(const login_attempt& attempt, moment now);

  // Errors: unauthenticated.
  result<admin_identity> authenticate(std::string_view token, wall_time now);

  result<void> log_out(const admin_identity& who, std::string_view address, wall_time now);

  // Ends this login and begins another, as long as a new one. Errors: unauthenticated.
  result<issued_token> renew(std::string_view token, std::string_view address, wall_time now);

  // Ends all logins and gives a new one to whom this is. Wrong current passwords count as failed
  // logins. Errors: invalid_argument about a field; rate_limited; conflict if somebody else has
  // changed it meanwhile.
  result<issued_token> change_password(const admin_identity& who, const password_change& change,
                                       moment now);

 private:
  // The administrator as of before the check, so that what is given out for a password is never
  // worth anything under a newer one. Failures are in the audit log as `action` of `actor`.
  result<storage::admin_account> check_password(const login_attempt& attempt,
                                                std::string_view actor, std::string_view action,
                                                moment now);
  result<void> end_login(const admin_identity& who, std::string_view action,
                         std::string_view address, wall_time now);
  // `failure`, once it is in the audit log; if it cannot be put there, the reason for that.
  error recorded(storage::audit_entry entry, error failure);
  issued_token issue(const storage::admin_account& admin, wall_time now) const;

  storage::store& store_;
  token_signer signer_;
  std::chrono::seconds session_;
  login_guard guard_;
  std::string generation_;  // that the guard's failures are about
};

}  // namespace baton::admin
