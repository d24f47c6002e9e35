#include "relay/platforms/anthropic_api.hpp"

#include <nlohmann/json.hpp>

#include "relay/platforms/anthropic_meter.hpp"
#include "relay/platforms/anthropic_request.hpp"
#include "relay/platforms/anthropic_session.hpp"
#include "relay/platforms/json_text.hpp"

namespace baton::relay {

constinit const anthropic_messages_api anthropic_messages;
constinit const anthropic_messages_api anthropic_counting;

const api& anthropic_api() {
  return anthropic_messages;
}

namespace {

std::string_view error_type(error_code code) {
  switch (code) {
    case error_code::unauthenticated: return "authentication_error";
    case error_code::permission_denied: return "permission_error";
    case error_code::not_found: return "not_found_error";
    case error_code::body_too_large: return "request_too_large";
    case error_code::rate_limited: return "rate_limit_error";
    case error_code::quota_exceeded: return "insufficient_quota";
    case error_code::no_account:
    case error_code::overloaded: return "overloaded_error";
    case error_code::upstream_timeout: return "timeout_error";
    default: return error_status(code) < 500 ? "invalid_request_error" : "api_error";
  }
}

}  // namespace

result<request_facts> anthropic_messages_api::inspect(const client_request& request) const {
  return inspect_anthropic_request(request.padded_body);
}

session_facts anthropic_messages_api::session(const client_request& request,
                                              const request_facts& facts,
                                              std::string_view scope) const {
  return anthropic_session(facts, request.headers.find("x-claude-code-session-id"), scope);
}

std::unique_ptr<answer_meter> anthropic_messages_api::make_meter(answer_format format,
                                                                 const request_facts&) const {
  if (is_stream(format)) return std::make_unique<anthropic_stream_meter>();
  return std::make_unique<anthropic_json_meter>();
}

// docs.anthropic.com, "Errors": the types and the statuses they belong to.
std::optional<failure_kind> anthropic_messages_api::error_kind(std::string_view error_type) const {
  if (error_type == "invalid_request_error" || error_type == "not_found_error" ||
      error_type == "request_too_large") {
    return std::nullopt;
  }
  if (error_type == "overloaded_error") return failure_kind::overloaded;
  if (error_type == "rate_limit_error") return failure_kind::rate_limited;
  if (error_type == "authentication_error") return failure_kind::unauthorized;
  if (error_type == "permission_error") return failure_kind::forbidden;
  if (error_type == "api_error" || error_type == "timeout_error") return failure_kind::server_error;
  return failure_kind::error_event;
}

std::string anthropic_messages_api::error_body(const error& failure,
                                               std::string_view request_id) const {
  nlohmann::ordered_json body;
  if (failure.code == error_code::client_not_allowed) {
    // As v1 words it: operators' scripts know it so.
    body = {{"error", "Client not allowed"}, {"message", failure.text}};
  } else {
    body = {{"type", "error"},
            {"error", {{"type", error_type(failure.code)}, {"message", failure.text}}}};
    if (failure.details && !failure.details->name.empty()) {
      body["error"]["code"] = failure.details->name;
    }
  }
  append_details(body, failure);
  body["request_id"] = request_id;
  return dump_json(body);
}

std::string anthropic_messages_api::error_event(const error& failure, std::string_view request_id,
                                                answer_format) const {
  return "event: error\ndata: " + error_body(failure, request_id) + "\n\n";
}

}  // namespace baton::relay
