#include "admin/call.hpp"

#include "admin/json_body.hpp"

namespace baton::admin {

author author_of(const call& made) {
  return {made.who.username, made.asked.address, made.now.wall};
}

answer json_answer(const ordered_json& body, int status) {
  answer reply;
  reply.status = status;
  reply.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return reply;
}

result<json> body_of(const call& made) {
  return parse_object(made.asked.body);
}

}  // namespace baton::admin
