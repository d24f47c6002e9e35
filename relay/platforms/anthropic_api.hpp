// Anthropic Messages, as clients speak it: facts of a request, meters for an answer, error bodies.
// Stateless; one instance serves all threads.
#pragma once

#include "relay/api.hpp"

namespace baton::relay {

class anthropic_messages_api final : public api {
 public:
  std::string_view service() const override { return "claude"; }

  // inspect_anthropic_request() for `messages` and `count_tokens`; no other operation has a body.
  result<request_facts> inspect(std::string_view padded_body, operation op) const override;

  session_facts session(const request_facts& facts, std::string_view named_session,
                        std::string_view scope) const override;

  std::unique_ptr<answer_meter> make_meter(bool event_stream) const override;

  // https://docs.anthropic.com/en/api/errors names the types.
  std::optional<failure_kind> error_kind(std::string_view error_type) const override;
  std::string error_body(const error& failure, std::string_view request_id) const override;
  std::string error_event(const error& failure, std::string_view request_id) const override;
};

// What anthropic_api() returns; named here for tables that are built at compile time.
extern const anthropic_messages_api anthropic_messages;

}  // namespace baton::relay
