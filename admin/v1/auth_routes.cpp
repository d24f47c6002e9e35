// Logging in and out by v1's paths.
#include <chrono>

#include "admin/auth_calls.hpp"
#include "admin/v1/answers.hpp"
#include "base/timestamps.hpp"

namespace baton::admin::v1 {
namespace {

// Its time is in milliseconds here.
ordered_json token_json(const issued_token& issued) {
  return {{"success", true},
          {"token", issued.token},
          {"expiresIn", std::chrono::milliseconds(issued.expires_in).count()},
          {"username", issued.username}};
}

outcome log_in(call& made) {
  const auto issued = log_in_as_asked(made);
  if (!issued) return issued.error();
  return json_answer(token_json(*issued));
}

outcome log_out(call& made) {
  const auto done = made.at.logins.log_out(made.who, made.asked.address, made.now.wall);
  if (!done) return done.error();
  return success_message("Logout successful");
}

outcome show_user(call& made) {
  const ordered_json user = {{"username", made.who.username},
                             {"expiresAt", spell_timestamp(made.who.expires_at)}};
  return json_answer({{"success", true}, {"user", user}});
}

outcome change_password(call& made) {
  const auto issued = change_password_as_asked(made);
  if (!issued) return issued.error();
  return success_message("Password changed successfully", token_json(*issued));
}

// v1 makes the same token last longer; a signed one cannot be made to, so there is a new one.
outcome refresh(call& made) {
  const auto issued =
      made.at.logins.renew(made.asked.credential, made.asked.address, made.now.wall);
  if (!issued) return issued.error();
  return json_answer(token_json(*issued));
}

constexpr route login_row() {
  auto made = row("POST", "/web/auth/login", &log_in,
                  "Gives a token for the administrator's name and password", "Login");
  made.open_to = access::anybody;
  return made;
}

constexpr route rows[] = {
    login_row(),
    row("POST", "/web/auth/logout", &log_out, "Ends the token"),
    row("GET", "/web/auth/user", &show_user, "Whose token this is"),
    row("POST", "/web/auth/change-password", &change_password,
        "Changes the password, which ends all tokens, and gives a new one", "PasswordChange"),
    row("POST", "/web/auth/refresh", &refresh, "Gives a new token, which ends this one"),
};

}  // namespace

std::span<const route> auth_routes() {
  return rows;
}

}  // namespace baton::admin::v1
