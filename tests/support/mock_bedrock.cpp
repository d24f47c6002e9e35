// Claude at Amazon Bedrock (https://docs.aws.amazon.com/bedrock/latest/APIReference): Anthropic's
// documents and events, these in frames of Amazon's.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "tests/support/mock_anthropic.hpp"
#include "tests/support/mock_event_stream.hpp"
#include "tests/support/mock_words.hpp"

namespace baton::mock {

namespace {

struct error_wording {
  int status;
  std::string_view name;
  std::string_view message;
};

// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
constexpr std::array wordings{
    error_wording{400, "ValidationException", "The request is not valid."},
    error_wording{401, "UnrecognizedClientException", "The security token is invalid."},
    error_wording{403, "AccessDeniedException", "You don't have access to the model."},
    error_wording{404, "ResourceNotFoundException", "Could not resolve the foundation model."},
    error_wording{405, "UnknownOperationException", "Method not allowed."},
    error_wording{408, "ModelTimeoutException", "The model took too long."},
    error_wording{424, "ModelErrorException", "The model had an error."},
    error_wording{429, "ThrottlingException", "Too many requests, please wait."},
    error_wording{500, "InternalServerException", "An internal error occurred."},
    error_wording{503, "ServiceUnavailableException", "Bedrock is unable to process your request."},
};

const error_wording& wording(int status) {
  static constexpr error_wording other_client{0, "ValidationException", "Refused."};
  static constexpr error_wording other_server{0, "InternalServerException", "Failed."};
  return wording_of(wordings, status, other_client, other_server);
}

std::string base64(std::string_view data) {
  std::string out((data.size() + 2) / 3 * 4 + 1, '\0');
  const int bytes = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                    reinterpret_cast<const unsigned char*>(data.data()),
                                    static_cast<int>(data.size()));
  out.resize(static_cast<std::size_t>(bytes));
  return out;
}

std::string payload_frame(std::string_view payload) {
  return make_frame(
      {{":event-type", "chunk"}, {":content-type", "application/json"}, {":message-type", "event"}},
      payload);
}

// An event of Anthropic's, given as its JSON.
std::string chunk_frame(std::string_view event) {
  return payload_frame(fmt::format(R"({{"bytes":"{}","p":"abcd"}})", base64(event)));
}

std::string message_document(std::string_view message) {
  return to_text({{"message", message}}, {});
}

std::string exception_frame(std::string_view type, std::string_view message) {
  return make_frame({{":exception-type", type},
                     {":content-type", "application/json"},
                     {":message-type", "exception"}},
                    message_document(message));
}

wire_event malformed(malformation kind) {
  switch (kind) {
    case malformation::cut: return {chunk_frame(malformed_message_data(kind))};
    case malformation::garbage: return {payload_frame(malformed_message_data(kind))};
    case malformation::crc: break;
  }
  std::string frame = chunk_frame(R"({"type":"ping"})");
  frame.back() = static_cast<char>(frame.back() ^ 1);
  return {std::move(frame)};
}

std::vector<wire_event> as_chunks(const std::vector<named_event>& events) {
  std::vector<wire_event> all;
  all.reserve(events.size());
  for (const named_event& each : events) all.push_back({each.data, chunk_frame});
  return all;
}

// What the last event carries at Bedrock: usage once more.
named_event message_stop(const behaviour& script) {
  constexpr int latency_ms = 1000;
  constexpr int first_byte_latency_ms = 200;
  const token_counts& tokens = script.tokens;
  document stop{{"type", "message_stop"}};
  put_usage(stop, script, "amazon-bedrock-invocationMetrics",
            {{"inputTokenCount", tokens.input},
             {"outputTokenCount", tokens.output},
             {"invocationLatency", latency_ms},
             {"firstByteLatency", first_byte_latency_ms},
             {"cacheReadInputTokenCount", tokens.cache_read},
             {"cacheWriteInputTokenCount", tokens.cache_write_5m + tokens.cache_write_1h}});
  return {"message_stop", to_text(stop, script)};
}

std::string lower_first(std::string_view name) {
  std::string lowered(name);
  lowered[0] = static_cast<char>(lowered[0] | 0x20);
  return lowered;
}

class bedrock_dialect : public dialect {
 public:
  std::string head_lines() const override;
  std::string answer(const behaviour& script, const answer_form& form) const override;
  event_set events(const behaviour& script, const answer_form& form) const override;
  std::string side_answer(const route& way, const behaviour& script,
                          const answer_form& form) const override;
  error_document error(int status, std::string_view type, std::string_view message) const override;
  refusal check(const request_head& head, const route& way, const body_facts& facts) const override;
};

std::string bedrock_dialect::head_lines() const {
  return fmt::format("x-amzn-requestid: {}\r\n", id_marker);
}

std::string bedrock_dialect::answer(const behaviour& script, const answer_form& form) const {
  return message_json(script, form);
}

event_set bedrock_dialect::events(const behaviour& script, const answer_form& form) const {
  message_events parts = make_message_events(script, form);
  if (!script.omit_end) parts.closing.back() = message_stop(script);
  event_set all;
  all.content_type = "application/vnd.amazon.eventstream";
  all.opening = as_chunks(parts.opening);
  all.deltas = as_chunks(parts.deltas);
  all.delta_count = message_delta_count(script, form);
  all.closing = as_chunks(parts.closing);
  all.ping = {parts.ping.data, chunk_frame};
  const error_wording& usual = wording(script.error_type.empty() ? overload_status() : 500);
  all.error = {
      exception_frame(script.error_type.empty() ? lower_first(usual.name) : script.error_type,
                      script.error_message.empty() ? usual.message : script.error_message)};
  all.malformed = malformed(script.malformed_with);
  return all;
}

std::string bedrock_dialect::side_answer(const route&, const behaviour& script,
                                         const answer_form& form) const {
  return answer(script, form);
}

error_document bedrock_dialect::error(int status, std::string_view type,
                                      std::string_view message) const {
  const error_wording& usual = wording(status);
  return {message_document(message.empty() ? usual.message : message),
          fmt::format("x-amzn-errortype: {}\r\n", type.empty() ? usual.name : type)};
}

// What tells that a body is meant for Anthropic's own API.
dialect::refusal bedrock_dialect::check(const request_head&, const route&,
                                        const body_facts& facts) const {
  const auto refuse = [](std::string_view problem) {
    return refusal{400, "ValidationException",
                   fmt::format("Malformed input request: #: {}, please reformat your input and try "
                               "again.",
                               problem)};
  };
  if (facts.has_model) return refuse("extraneous key [model] is not permitted");
  if (facts.has_stream) return refuse("extraneous key [stream] is not permitted");
  if (!facts.has_anthropic_version) return refuse("required key [anthropic_version] not found");
  return {};
}

}  // namespace

const dialect& bedrock() {
  static const bedrock_dialect the;
  return the;
}

}  // namespace baton::mock
