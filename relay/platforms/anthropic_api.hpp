// Anthropic Messages, as clients speak it: facts of a request, meters for an answer, error bodies.
// Stateless; one instance serves all threads.
#pragma once

#include "relay/api.hpp"

namespace baton::relay {

class anthropic_messages_api final : public api {
 public:
  std::string_view service() const override { return "claude"; }

  result<request_facts> inspect(const client_request& request) const override;

  // The header x-claude-code-session-id names the session, or the body does.
  session_facts session(const client_request& request, const request_facts& facts,
                        std::string_view scope) const override;

  std::unique_ptr<answer_meter> make_meter(answer_format format,
                                           const request_facts& facts) const override;

  // https://docs.anthropic.com/en/api/errors names the types.
  std::optional<failure_kind> error_kind(std::string_view error_type) const override;
  std::string error_body(const error& failure, std::string_view request_id) const override;
  std::string error_event(const error& failure, std::string_view request_id,
                          answer_format format) const override;
};

extern const anthropic_messages_api anthropic_messages;
// The same for counting tokens: not every upstream that answers messages counts them.
extern const anthropic_messages_api anthropic_counting;

// The same as an API among others: in its words those are refused who have called none.
const api& anthropic_api();

}  // namespace baton::relay
