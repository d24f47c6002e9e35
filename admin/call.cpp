#include "admin/call.hpp"

#include "admin/etag.hpp"
#include "admin/json_body.hpp"
#include "base/timestamps.hpp"

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

result<json> change_of(const call& made, wall_time updated_at,
                       std::initializer_list<const char*> read_only) {
  auto body = body_of(made);
  if (!body) return body;
  if (const auto sent = body->find("updatedAt"); sent != body->end()) {
    if (*sent != spell_timestamp(updated_at)) return changed_meanwhile();
    body->erase(sent);
  }
  for (const auto* each : read_only) body->erase(each);
  return body;
}

}  // namespace baton::admin
