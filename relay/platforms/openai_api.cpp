#include "relay/platforms/openai_api.hpp"

#include <nlohmann/json.hpp>

#include "relay/platforms/json_text.hpp"
#include "relay/platforms/openai_error.hpp"
#include "relay/platforms/openai_meter.hpp"
#include "relay/platforms/openai_request.hpp"
#include "relay/platforms/openai_session.hpp"

namespace baton::relay {

constinit const openai_responses_api openai_responses;
constinit const openai_chat_api openai_chat(false);
constinit const openai_responses_api azure_responses;
constinit const openai_chat_api azure_chat(true);

namespace {

// A deployment's name in the path wins over a model in the body, which Azure does not read then.
void take_deployment(const client_request& request, result<request_facts>& facts) {
  if (!facts || request.parameter.empty()) return;
  facts->model = request.parameter;
  facts->model_offset.reset();
}

}  // namespace

std::optional<failure_kind> openai_api::error_kind(std::string_view error_type) const {
  return openai_error_kind(error_type);
}

std::string openai_api::error_body(const error& failure, std::string_view) const {
  return openai_error_body(failure);
}

// Who asks for a kept answer may send a body, which is the upstream's to judge.
result<request_facts> openai_responses_api::inspect(const client_request& request) const {
  if (request.route.op == operation::stored_answer) return request_facts{};
  auto facts = inspect_responses_request(request.padded_body);
  // What becomes of a compaction or a count has no id to be asked for by.
  if (facts) facts->stored &= request.route.upstream_path.ends_with("/responses");
  return facts;
}

session_facts openai_responses_api::session(const client_request& request,
                                            const request_facts& facts,
                                            std::string_view scope) const {
  if (request.route.op == operation::stored_answer) {
    return kept_answer_session(request.parameter, scope);
  }
  return openai_session(request, facts, scope);
}

std::unique_ptr<answer_meter> openai_responses_api::make_meter(answer_format format,
                                                               const request_facts&) const {
  if (is_stream(format)) return std::make_unique<responses_stream_meter>();
  return std::make_unique<openai_json_meter>(true);
}

// The event is documented without an object around the error, OpenAI sends it with one, and some
// releases of its SDK find code and message in the object only; so both are there.
// https://platform.openai.com/docs/api-reference/responses-streaming/error
std::string openai_responses_api::error_event(const error& failure, std::string_view,
                                              answer_format format) const {
  if (format != answer_format::sse) return {};
  const auto object = openai_error_object(failure);
  const nlohmann::ordered_json event{
      {"type", "error"},  {"code", object["code"]}, {"message", object["message"]},
      {"param", nullptr}, {"sequence_number", 0},   {"error", object}};
  return "event: error\ndata: " + dump_json(event) + "\n\n";
}

result<request_facts> openai_chat_api::inspect(const client_request& request) const {
  const auto model = account_names_model_ ? model_field::optional : model_field::required;
  auto facts = request.route.op == operation::embed
                   ? inspect_embeddings_request(request.padded_body, model)
                   : inspect_chat_request(request.padded_body, model);
  take_deployment(request, facts);
  return facts;
}

session_facts openai_chat_api::session(const client_request& request, const request_facts& facts,
                                       std::string_view scope) const {
  return openai_session(request, facts, scope);
}

std::unique_ptr<answer_meter> openai_chat_api::make_meter(answer_format format,
                                                          const request_facts& facts) const {
  if (is_stream(format)) return std::make_unique<chat_stream_meter>(facts.usage_wish.has_value());
  return std::make_unique<openai_json_meter>(false);
}

std::string openai_chat_api::error_event(const error& failure, std::string_view,
                                         answer_format format) const {
  if (format != answer_format::sse) return {};
  return "data: " + openai_error_body(failure) + "\n\n";
}

}  // namespace baton::relay
