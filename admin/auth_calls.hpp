// What the routes for logging in do alike, however they word their answers.
#pragma once

#include "admin/call.hpp"

namespace baton::admin {

// {"username","password"}. Errors: those of the body, or of login_service::log_in().
result<issued_token> log_in_as_asked(call& made);

// {"currentPassword","newPassword","newUsername"}, of which the last may be missing. Errors: those
// of the body, or of login_service::change_password().
result<issued_token> change_password_as_asked(call& made);

}  // namespace baton::admin
