// Logging in and out.
#include <utility>

#include "admin/auth_calls.hpp"
#include "admin/route.hpp"
#include "base/timestamps.hpp"

namespace baton::admin {
namespace {

answer token_answer(const issued_token& issued) {
  return json_answer({{"token", issued.token},
                      {"tokenType", "Bearer"},
                      {"expiresIn", issued.expires_in.count()},
                      {"username", issued.username}});
}

outcome log_in(call& made) {
  const auto issued = log_in_as_asked(made);
  if (!issued) return issued.error();
  return token_answer(*issued);
}

outcome show_me(call& made) {
  return json_answer({{"username", made.who.username},
                      {"role", "admin"},
                      {"expiresAt", spell_timestamp(made.who.expires_at)}});
}

outcome log_out(call& made) {
  const auto done = made.at.logins.log_out(made.who, made.asked.address, made.now.wall);
  if (!done) return done.error();
  return json_answer({{"success", true}});
}

outcome change_password(call& made) {
  const auto issued = change_password_as_asked(made);
  if (!issued) return issued.error();
  return token_answer(*issued);
}

constexpr route rows[] = {
    {.method = "POST",
     .path = "/api/v2/auth/admin/login",
     .open_to = access::anybody,
     .serve = &log_in,
     .summary = "Gives a token for the administrator's name and password",
     .request_schema = "Login",
     .answer_schema = "Token"},
    {.method = "GET",
     .path = "/api/v2/auth/me",
     .serve = &show_me,
     .summary = "Whose token this is",
     .answer_schema = "Me"},
    {.method = "POST",
     .path = "/api/v2/auth/logout",
     .serve = &log_out,
     .summary = "Ends the token",
     .answer_schema = "Success"},
    {.method = "POST",
     .path = "/api/v2/auth/change-password",
     .serve = &change_password,
     .summary = "Changes the password, which ends all tokens, and gives a new one",
     .request_schema = "PasswordChange",
     .answer_schema = "Token"},
};

}  // namespace

std::span<const route> auth_routes() {
  return rows;
}

}  // namespace baton::admin
