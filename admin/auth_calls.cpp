#include "admin/auth_calls.hpp"

#include "admin/text_body.hpp"

namespace baton::admin {

result<issued_token> log_in_as_asked(call& made) {
  const auto texts = read_texts(made, {"username", "password"});
  if (!texts) return texts.error();
  return made.at.logins.log_in({texts->at(0), texts->at(1), made.asked.address}, made.now);
}

result<issued_token> change_password_as_asked(call& made) {
  const auto texts = read_texts(made, {"currentPassword", "newPassword", {"newUsername", false}});
  if (!texts) return texts.error();
  password_change change{texts->at(0), texts->at(1), std::nullopt, made.asked.address};
  if (!texts->at(2).empty()) change.new_username = texts->at(2);
  return made.at.logins.change_password(made.who, change, made.now);
}

}  // namespace baton::admin
