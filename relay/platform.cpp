// What most platforms do.
#include "relay/platform.hpp"

namespace baton::relay {

void platform::append_target(std::string& head, const outgoing_request& request) const {
  const auto path = upstream_path(request.route, request.parameter);
  head += join_path(request.account.target.base_path, path);
  if (request.query.empty()) return;
  head += '?';
  head += request.query;
}

void platform::append_credential(std::string& head, const outgoing_request& request) const {
  head += request.account.credential_lines;
}

void platform::edit_body(body_edits& edits, const outgoing_request& request) const {
  const auto& facts = request.facts;
  if (facts.model_offset && request.model != facts.model) {
    edits.list.push_back({*facts.model_offset, facts.model.size(), request.model});
  }
  if (const auto& wish = facts.usage_wish) {
    const body_edits::edit edit{wish->offset, wish->removed_bytes, wish->text};
    const bool first = !edits.list.empty() && wish->offset < edits.list.front().offset;
    edits.list.insert(first ? edits.list.begin() : edits.list.end(), edit);
  }
}

std::unique_ptr<answer_decoder> platform::make_decoder(const api&, answer_format&) const {
  return nullptr;
}

error_reading platform::read_error(const relay::route&, const error_answer& answer) const {
  error_reading reading;
  reading.status = answer.status;
  return reading;
}

}  // namespace baton::relay
