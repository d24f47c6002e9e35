#include "relay/platforms/gemini_api.hpp"

#include <nlohmann/json.hpp>

#include "relay/platforms/code_assist_request.hpp"
#include "relay/platforms/gemini_meter.hpp"
#include "relay/platforms/gemini_request.hpp"
#include "relay/platforms/gemini_session.hpp"
#include "relay/platforms/json_text.hpp"

namespace baton::relay {

constinit const gemini_generate_api gemini_generate;
constinit const code_assist_api code_assist;

namespace {

// https://cloud.google.com/apis/design/errors: google.rpc.Code and the HTTP statuses it maps to.
// What HTTP alone knows is an argument of the client's, or a server that is not there.
std::string_view status_name(int status) {
  switch (status) {
    case 401: return "UNAUTHENTICATED";
    case 402: return "RESOURCE_EXHAUSTED";
    case 403: return "PERMISSION_DENIED";
    case 404: return "NOT_FOUND";
    case 408: return "DEADLINE_EXCEEDED";
    case 409: return "ABORTED";
    case 429: return "RESOURCE_EXHAUSTED";
    case 500: return "INTERNAL";
    case 504: return "DEADLINE_EXCEEDED";
    default: return status < 500 ? "INVALID_ARGUMENT" : "UNAVAILABLE";
  }
}

}  // namespace

session_facts google_api::session(const client_request&, const request_facts& facts,
                                  std::string_view scope) const {
  return gemini_session(facts, scope);
}

std::unique_ptr<answer_meter> google_api::make_meter(answer_format format,
                                                     const request_facts&) const {
  return make_gemini_meter(format);
}

std::optional<failure_kind> google_api::error_kind(std::string_view error_type) const {
  if (error_type == "INVALID_ARGUMENT" || error_type == "FAILED_PRECONDITION" ||
      error_type == "OUT_OF_RANGE" || error_type == "NOT_FOUND") {
    return std::nullopt;
  }
  if (error_type == "RESOURCE_EXHAUSTED") return failure_kind::rate_limited;
  if (error_type == "UNAVAILABLE") return failure_kind::overloaded;
  if (error_type == "UNAUTHENTICATED") return failure_kind::unauthorized;
  if (error_type == "PERMISSION_DENIED") return failure_kind::forbidden;
  if (error_type == "INTERNAL" || error_type == "UNKNOWN" || error_type == "DEADLINE_EXCEEDED") {
    return failure_kind::server_error;
  }
  return failure_kind::error_event;
}

std::string google_api::error_body(const error& failure, std::string_view) const {
  const int status = error_status(failure.code);
  nlohmann::ordered_json body{
      {"error", {{"code", status}, {"message", failure.text}, {"status", status_name(status)}}}};
  append_details(body, failure);
  return dump_json(body);
}

std::string google_api::error_event(const error& failure, std::string_view request_id,
                                    answer_format format) const {
  switch (format) {
    case answer_format::sse: return "data: " + error_body(failure, request_id) + "\n\n";
    case answer_format::json_array: return "," + error_body(failure, request_id) + "]";
    default: return {};
  }
}

result<request_facts> gemini_generate_api::inspect(const client_request& request) const {
  return inspect_gemini_request(request);
}

result<request_facts> code_assist_api::inspect(const client_request& request) const {
  return inspect_code_assist_request(request);
}

}  // namespace baton::relay
