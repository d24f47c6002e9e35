#include "relay/platforms/bedrock_errors.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "relay/api.hpp"
#include "relay/platforms/json_parser.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;

constexpr std::size_t body_bytes_max = 64 * 1024;
constexpr std::size_t text_bytes_max = 4096;

struct known_error {
  std::string_view name;  // without "Exception"
  std::optional<failure_kind> kind;
  std::string_view anthropic_type;
  int status;
};

// The statuses are not those that AWS sends: a timeout of the model is a 408 there, a broken one a
// 424, a quota a 400, and all that is wrong with a credential a 403.
constexpr std::array<known_error, 23> known_errors = {{
    {"Throttling", failure_kind::rate_limited, "rate_limit_error", 429},
    {"ServiceQuotaExceeded", failure_kind::rate_limited, "rate_limit_error", 429},
    {"ServiceUnavailable", failure_kind::overloaded, "overloaded_error", 503},
    {"ModelNotReady", failure_kind::overloaded, "overloaded_error", 503},
    {"InternalServer", failure_kind::server_error, "api_error", 500},
    {"InternalFailure", failure_kind::server_error, "api_error", 500},
    {"ModelError", failure_kind::server_error, "api_error", 500},
    {"ModelStreamError", failure_kind::server_error, "api_error", 500},
    {"ModelTimeout", failure_kind::server_error, "timeout_error", 504},
    {"AccessDenied", failure_kind::forbidden, "permission_error", 403},
    {"NotAuthorized", failure_kind::forbidden, "permission_error", 403},
    {"OptInRequired", failure_kind::forbidden, "permission_error", 403},
    {"ResourceNotFound", failure_kind::forbidden, "not_found_error", 404},
    {"Validation", std::nullopt, "invalid_request_error", 400},
    {"ValidationError", std::nullopt, "invalid_request_error", 400},
    {"UnrecognizedClient", failure_kind::unauthorized, "authentication_error", 401},
    {"InvalidClientTokenId", failure_kind::unauthorized, "authentication_error", 401},
    {"ExpiredToken", failure_kind::unauthorized, "authentication_error", 401},
    {"InvalidSignature", failure_kind::unauthorized, "authentication_error", 401},
    {"SignatureDoesNotMatch", failure_kind::unauthorized, "authentication_error", 401},
    {"IncompleteSignature", failure_kind::unauthorized, "authentication_error", 401},
    {"MissingAuthenticationToken", failure_kind::unauthorized, "authentication_error", 401},
    {"RequestExpired", failure_kind::unauthorized, "authentication_error", 401},
}};

bool is_named(std::string_view name, std::string_view known) {
  return name.size() == known.size() && !name.empty() &&
         text::lower(name[0]) == text::lower(known[0]) && name.substr(1) == known.substr(1);
}

const known_error* find_error(std::string_view name) {
  constexpr std::string_view ending = "Exception";
  if (name.ends_with(ending)) name.remove_suffix(ending.size());
  const auto found =
      std::find_if(known_errors.begin(), known_errors.end(),
                   [name](const known_error& each) { return is_named(name, each.name); });
  return found == known_errors.end() ? nullptr : &*found;
}

// "com.amazon.coral.service#UnrecognizedClientException:http://…" without what is around the name.
std::string_view bare_name(std::string_view type) {
  type = type.substr(0, type.find(':'));
  const auto hash = type.rfind('#');
  return text::trim(hash == type.npos ? type : type.substr(hash + 1));
}

void read_text(simdjson::ondemand::value& value, std::string& into) {
  std::string_view text;
  if (!value.get_string().get(text)) into = text.substr(0, text_bytes_max);
}

void read_field(std::string_view name, simdjson::ondemand::value& value, bedrock_error& error) {
  if (name == "message" || name == "Message") return read_text(value, error.message);
  if (name == "error") {
    json_type type{};
    error.anthropic = !value.type().get(type) && type == json_type::object;
  }
  if (name == "__type" && error.name.empty()) {
    std::string type;
    read_text(value, type);
    error.name = bare_name(type);
  }
}

void read_body(std::string_view padded, bedrock_error& error) {
  json_parser parser(padded.size());
  simdjson::ondemand::document document;
  simdjson::ondemand::object fields;
  if (parser.parse(padded, document) || document.get_object().get(fields)) return;
  for (auto field : fields) {
    std::string_view name;
    simdjson::ondemand::value value;
    if (field.unescaped_key().get(name) || field.value().get(value)) return;
    read_field(name, value, error);
  }
}

}  // namespace

bedrock_error read_bedrock_error(std::string_view type_header, std::string_view body) {
  bedrock_error error;
  error.name = bare_name(type_header);
  std::string padded(body.substr(0, body_bytes_max));
  const std::size_t bytes = padded.size();
  padded.append(json_padding_bytes, ' ');
  read_body(std::string_view(padded).substr(0, bytes), error);
  return error;
}

std::optional<failure_kind> bedrock_error_kind(std::string_view name) {
  const auto* const known = find_error(name);
  return known == nullptr ? failure_kind::error_event : known->kind;
}

std::string_view anthropic_type_of_bedrock(std::string_view name) {
  const auto* const known = find_error(name);
  return known == nullptr ? "api_error" : known->anthropic_type;
}

int bedrock_error_status(const bedrock_error& error, int status) {
  // A wrong API key (bearer token) is an AccessDeniedException, or has no name at all.
  if (status == 403 && (error.message.starts_with("Authentication failed") ||
                        error.message.starts_with("Invalid API Key"))) {
    return 401;
  }
  const auto* const known = find_error(error.name);
  if (known != nullptr) return known->status;
  return status == 424 ? 500 : status;
}

// A wrong id is a ValidationException, which is otherwise the client's own mistake. "isn't
// supported" is written with either apostrophe.
bool is_model_unknown(const bedrock_error& error) {
  const auto* const known = find_error(error.name);
  if (known != nullptr && known->status == 404) return true;
  const std::string_view text = error.message;
  return (known == nullptr || known->status == 400) &&
         (text.find("with on-demand throughput") != text.npos ||
          text.find("provided model identifier is invalid") != text.npos);
}

std::string_view bedrock_error_name(error_code code) {
  switch (code) {
    case error_code::unauthenticated: return "UnrecognizedClientException";
    case error_code::permission_denied:
    case error_code::client_not_allowed: return "AccessDeniedException";
    case error_code::not_found: return "ResourceNotFoundException";
    case error_code::rate_limited: return "ThrottlingException";
    case error_code::quota_exceeded: return "ServiceQuotaExceededException";
    case error_code::no_account:
    case error_code::overloaded: return "ServiceUnavailableException";
    case error_code::upstream_timeout: return "ModelTimeoutException";
    default: return error_status(code) < 500 ? "ValidationException" : "InternalServerException";
  }
}

}  // namespace baton::relay
