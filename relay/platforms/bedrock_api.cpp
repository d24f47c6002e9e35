#include "relay/platforms/bedrock_api.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/anthropic_meter.hpp"
#include "relay/platforms/anthropic_request.hpp"
#include "relay/platforms/anthropic_session.hpp"
#include "relay/platforms/aws_event_stream.hpp"
#include "relay/platforms/bedrock_errors.hpp"
#include "relay/platforms/bedrock_meter.hpp"
#include "relay/platforms/json_text.hpp"

namespace baton::relay {

constinit const bedrock_invoke_api bedrock_invoke;

// A model that the body names as well is the upstream's to refuse.
result<request_facts> bedrock_invoke_api::inspect(const client_request& request) const {
  auto facts = inspect_modelless_anthropic_request(request.padded_body);
  if (!facts) return facts;
  facts->model = request.parameter;
  facts->model_offset.reset();
  facts->stream = request.route.streams;
  facts->stream_format = answer_format::aws_frames;
  return facts;
}

session_facts bedrock_invoke_api::session(const client_request& request, const request_facts& facts,
                                          std::string_view scope) const {
  return anthropic_session(facts, request.headers.find("x-claude-code-session-id"), scope);
}

std::unique_ptr<answer_meter> bedrock_invoke_api::make_meter(answer_format format,
                                                             const request_facts&) const {
  if (format == answer_format::aws_frames) return std::make_unique<bedrock_stream_meter>();
  if (is_stream(format)) return std::make_unique<anthropic_stream_meter>();
  return std::make_unique<anthropic_json_meter>();
}

std::optional<failure_kind> bedrock_invoke_api::error_kind(std::string_view error_type) const {
  const auto kind = bedrock_error_kind(error_type);
  return kind == failure_kind::error_event ? anthropic_messages.error_kind(error_type) : kind;
}

std::string bedrock_invoke_api::error_body(const error& failure, std::string_view) const {
  nlohmann::ordered_json body{{"message", failure.text}};
  append_details(body, failure);
  return dump_json(body);
}

std::string bedrock_invoke_api::error_lines(error_code code) const {
  return "x-amzn-errortype: " + std::string(bedrock_error_name(code)) + "\r\n";
}

std::string bedrock_invoke_api::error_event(const error& failure, std::string_view request_id,
                                            answer_format format) const {
  if (format != answer_format::aws_frames) {
    return anthropic_messages.error_event(failure, request_id, format);
  }
  std::string name(bedrock_error_name(failure.code));
  name[0] = text::lower(name[0]);
  const std::array<aws_string_header, 3> headers = {{{":exception-type", name},
                                                     {":content-type", "application/json"},
                                                     {":message-type", "exception"}}};
  std::string frame;
  append_aws_frame(frame, headers, error_body(failure, request_id));
  return frame;
}

}  // namespace baton::relay
