#include "tests/support/mock_openai.hpp"

#include <fmt/format.h>

#include <array>

namespace baton::mock {

namespace {

struct error_wording {
  int status;
  const char* type;
  const char* code;
  const char* message;
};

// https://platform.openai.com/docs/guides/error-codes
constexpr std::array wordings{
    error_wording{400, "invalid_request_error", "", "The request is not valid."},
    error_wording{401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."},
    error_wording{403, "invalid_request_error", "insufficient_permissions",
                  "You have insufficient permissions for this operation."},
    error_wording{404, "invalid_request_error", "not_found", "Not found."},
    error_wording{405, "invalid_request_error", "method_not_supported", "Not allowed method."},
    error_wording{413, "invalid_request_error", "request_too_large", "The request is too large."},
    error_wording{429, "requests", "rate_limit_exceeded", "Rate limit reached for requests."},
    error_wording{500, "server_error", "", "The server had an error processing your request."},
    error_wording{503, "service_unavailable_error", "server_is_overloaded",
                  "The server is overloaded. Please try again later."},
};

const error_wording& wording(int status) {
  static constexpr error_wording other_client{0, "invalid_request_error", "", "Refused."};
  static constexpr error_wording other_server{0, "server_error", "", "Failed."};
  return wording_of(wordings, status, other_client, other_server);
}

document or_null(const std::string& text) {
  return text.empty() ? document(nullptr) : document(text);
}

error_document error_about(std::string_view param, std::string_view code, std::string message) {
  const document error{{"message", std::move(message)},
                       {"type", "invalid_request_error"},
                       {"param", or_null(std::string(param))},
                       {"code", code}};
  return {to_text({{"error", error}}, {})};
}

std::string embeddings_json(const behaviour& script, const answer_form& form) {
  document first{
      {"object", "embedding"}, {"index", 0}, {"embedding", document::array({0.25, -0.5, 0.125})}};
  document data = document::array();
  data.push_back(std::move(first));
  document whole{{"object", "list"}, {"data", std::move(data)}, {"model", form.model}};
  put_usage(whole, script, "usage",
            {{"prompt_tokens", script.tokens.input}, {"total_tokens", script.tokens.input}});
  return to_text(whole, script);
}

std::string models_json() {
  document data = document::array();
  for (const char* id : {"gpt-5", "gpt-5-mini", "text-embedding-3-small"}) {
    data.push_back(
        {{"id", id}, {"object", "model"}, {"created", openai_created}, {"owned_by", "openai"}});
  }
  return document{{"object", "list"}, {"data", std::move(data)}}.dump();
}

bool has_parameter(std::string_view query, std::string_view name) {
  for (std::size_t at = query.find(name); at != std::string_view::npos;
       at = query.find(name, at + 1)) {
    const bool starts = at == 0 || query[at - 1] == '&';
    const std::size_t end = at + name.size();
    if (starts && end + 1 < query.size() && query[end] == '=' && query[end + 1] != '&') return true;
  }
  return false;
}

}  // namespace

std::string openai_dialect::head_lines() const {
  if (host_ == openai_host::azure) {
    return fmt::format(
        "apim-request-id: {0}\r\n"
        "x-request-id: {0}\r\n"
        "x-ms-region: Sweden Central\r\n"
        "x-ratelimit-remaining-requests: 249\r\n"
        "x-ratelimit-remaining-tokens: 249000\r\n",
        id_marker);
  }
  return fmt::format(
      "x-request-id: req_{}\r\n"
      "openai-organization: mock\r\n"
      "openai-processing-ms: 5\r\n"
      "openai-version: 2020-10-01\r\n"
      "x-ratelimit-limit-requests: 10000\r\n"
      "x-ratelimit-limit-tokens: 2000000\r\n"
      "x-ratelimit-remaining-requests: 9999\r\n"
      "x-ratelimit-remaining-tokens: 1999000\r\n"
      "x-ratelimit-reset-requests: 6ms\r\n"
      "x-ratelimit-reset-tokens: 30ms\r\n",
      id_marker);
}

std::string openai_dialect::side_answer(const route& way, const behaviour& script,
                                        const answer_form& form) const {
  return way.what == operation::embed ? embeddings_json(script, form) : models_json();
}

openai_dialect::error_words openai_dialect::words_of(int status, std::string_view type,
                                                     std::string_view message) {
  const error_wording& usual = wording(status);
  error_words words{usual.type, usual.code, usual.message};
  if (!type.empty()) words.type = words.code = type;
  if (!message.empty()) words.message = message;
  return words;
}

openai_dialect::error_words openai_dialect::stream_error(const behaviour& script) const {
  const int status = script.error_type.empty() ? overload_status() : 500;
  return words_of(status, script.error_type, script.error_message);
}

error_document openai_dialect::error(int status, std::string_view type,
                                     std::string_view message) const {
  const error_words words = words_of(status, type, message);
  if (host_ == openai_host::azure) {
    const std::string code = type.empty() ? std::to_string(status) : std::string(type);
    return {to_text({{"error", {{"code", code}, {"message", words.message}}}}, {})};
  }
  const document error{{"message", words.message},
                       {"type", words.type},
                       {"param", nullptr},
                       {"code", or_null(words.code)}};
  return {to_text({{"error", error}}, {})};
}

dialect::refusal openai_dialect::check(const request_head& head, const route&,
                                       const body_facts&) const {
  if (host_ != openai_host::azure) return {};
  if (!has_parameter(head.query, "api-version")) {
    return {400, "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests."};
  }
  if (head.source != credential_source::api_key) {
    return {401, "", "Access denied due to missing subscription key."};
  }
  return {};
}

error_document unknown_response(std::string_view id) {
  return error_about("", "not_found", fmt::format("Response with id '{}' not found.", id));
}

error_document unknown_previous_response(std::string_view id) {
  return error_about("previous_response_id", "previous_response_not_found",
                     fmt::format("Previous response with id '{}' not found.", id));
}

}  // namespace baton::mock
