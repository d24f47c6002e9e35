// The API of Amazon Bedrock as AWS-style clients speak it to Anthropic's models: InvokeModel and
// InvokeModelWithResponseStream (AWS's reference of the Bedrock Runtime API). The path names the
// model and tells whether the answer is a stream; the body is that of Anthropic Messages otherwise.
// Stateless; one instance serves all threads.
#pragma once

#include "relay/api.hpp"

namespace baton::relay {

class bedrock_invoke_api final : public api {
 public:
  std::string_view service() const override { return "claude"; }

  result<request_facts> inspect(const client_request& request) const override;

  // As for Anthropic Messages.
  session_facts session(const client_request& request, const request_facts& facts,
                        std::string_view scope) const override;

  std::unique_ptr<answer_meter> make_meter(answer_format format,
                                           const request_facts& facts) const override;

  // An exception's name, or the type of an error of Anthropic's inside the stream.
  std::optional<failure_kind> error_kind(std::string_view error_type) const override;
  std::string error_body(const error& failure, std::string_view request_id) const override;
  std::string error_lines(error_code code) const override;
  // An exception; of plain events, which clients take as well, Anthropic's.
  std::string error_event(const error& failure, std::string_view request_id,
                          answer_format format) const override;
};

extern const bedrock_invoke_api bedrock_invoke;

}  // namespace baton::relay
