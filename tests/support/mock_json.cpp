#include "tests/support/mock_json.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

namespace baton::mock {

namespace {

constexpr std::array<std::string_view, answer_word_count> words{
    "Hello ", "from ", "the ", "mock ",  "upstream: ", "every ",
    "word ",  "is ",   "one ", "event ", "of ",        "its own. "};

struct error_wording {
  int status;
  std::string_view phrase;
  std::string_view type;
  std::string_view message;
};

// https://docs.anthropic.com/en/api/errors
constexpr std::array<error_wording, 13> wordings{{
    {200, "OK", "", ""},
    {400, "Bad Request", "invalid_request_error", "The request is not valid."},
    {401, "Unauthorized", "authentication_error", "invalid x-api-key"},
    {403, "Forbidden", "permission_error", "Your account may not use this resource."},
    {404, "Not Found", "not_found_error", "Not found"},
    {405, "Method Not Allowed", "invalid_request_error", "Method not allowed"},
    {413, "Payload Too Large", "request_too_large", "Request exceeds the maximum size"},
    {429, "Too Many Requests", "rate_limit_error", "Number of requests has exceeded your limit"},
    {500, "Internal Server Error", "api_error", "Internal server error"},
    {502, "Bad Gateway", "api_error", "Bad gateway"},
    {503, "Service Unavailable", "api_error", "Service unavailable"},
    {504, "Gateway Timeout", "timeout_error", "Gateway timeout"},
    {529, "Overloaded", "overloaded_error", "Overloaded"},
}};

const error_wording& wording(int status) {
  static constexpr error_wording other_client{0, "Error", "invalid_request_error", "Refused"};
  static constexpr error_wording other_server{0, "Error", "api_error", "Failed"};
  for (const error_wording& entry : wordings) {
    if (entry.status == status) return entry;
  }
  return status >= 500 ? other_server : other_client;
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The input side of `usage`, the same in JSON answers and in message_start.
std::string input_usage(const token_counts& tokens) {
  return fmt::format(
      R"("input_tokens":{},"cache_creation_input_tokens":{},"cache_read_input_tokens":{},)"
      R"("cache_creation":{{"ephemeral_5m_input_tokens":{},"ephemeral_1h_input_tokens":{}}})",
      tokens.input, tokens.cache_write_5m + tokens.cache_write_1h, tokens.cache_read,
      tokens.cache_write_5m, tokens.cache_write_1h);
}

std::string event(std::string_view name, std::string_view data) {
  return fmt::format("event: {}\ndata: {}\n\n", name, data);
}

}  // namespace

std::string_view reason_phrase(int status) {
  return wording(status).phrase;
}

std::string message_json(const behaviour& script, std::string_view model) {
  std::string text = script.answer_bytes != 0 ? answer_word(0, script.answer_bytes) : "";
  for (std::uint32_t n = 0; script.answer_bytes == 0 && n < 3 * answer_word_count; ++n) {
    text += answer_word(n, 0);
  }
  return fmt::format(
      R"({{"id":"msg_{}","type":"message","role":"assistant","model":{},)"
      R"("content":[{{"type":"text","text":"{}"}}],"stop_reason":{},)"
      R"("stop_sequence":null,"usage":{{{},"output_tokens":{},"service_tier":"standard"}}}})",
      id_marker, json_string(model), text, json_string(script.stop_reason),
      input_usage(script.tokens), script.tokens.output);
}

std::string count_json(const behaviour& script) {
  return fmt::format(R"({{"input_tokens":{}}})", script.tokens.input);
}

std::string models_json() {
  using nlohmann::json;
  json data = json::array();
  const auto add = [&data](const char* id, const char* name, const char* created) {
    data.push_back(
        {{"type", "model"}, {"id", id}, {"display_name", name}, {"created_at", created}});
  };
  add("claude-opus-4-1-20250805", "Claude Opus 4.1", "2025-08-05T00:00:00Z");
  add("claude-sonnet-4-20250514", "Claude Sonnet 4", "2025-05-22T00:00:00Z");
  add("claude-3-5-haiku-20241022", "Claude Haiku 3.5", "2024-10-22T00:00:00Z");
  const json first = data.front()["id"];
  const json last = data.back()["id"];
  return json{{"data", data}, {"has_more", false}, {"first_id", first}, {"last_id", last}}.dump();
}

std::string error_json(int status, std::string_view type, std::string_view message) {
  const error_wording& usual = wording(status);
  return fmt::format(
      R"({{"type":"error","error":{{"type":{},"message":{}}},"request_id":"req_{}"}})",
      json_string(type.empty() ? usual.type : type),
      json_string(message.empty() ? usual.message : message), id_marker);
}

std::string message_start_event(const behaviour& script, std::string_view model) {
  return event(
      "message_start",
      fmt::format(
          R"({{"type":"message_start","message":{{"id":"msg_{}","type":"message",)"
          R"("role":"assistant","model":{},"content":[],"stop_reason":null,"stop_sequence":null,)"
          R"("usage":{{{},"output_tokens":1,"service_tier":"standard"}}}}}})",
          id_marker, json_string(model), input_usage(script.tokens)));
}

std::string block_start_event() {
  return event("content_block_start", R"({"type":"content_block_start","index":0,)"
                                      R"("content_block":{"type":"text","text":""}})");
}

std::string ping_event() {
  return event("ping", R"({"type": "ping"})");
}

std::string delta_event(std::string_view text, bool timestamp) {
  return event("content_block_delta",
               fmt::format(R"({{"type":"content_block_delta","index":0,)"
                           R"("delta":{{"type":"text_delta","text":"{}"}}{}{}}})",
                           text, timestamp ? R"(,"sent_ns":)" : "",
                           timestamp ? clock_marker : std::string_view()));
}

std::string block_stop_event() {
  return event("content_block_stop", R"({"type":"content_block_stop","index":0})");
}

std::string message_delta_event(const behaviour& script) {
  return event("message_delta",
               fmt::format(R"({{"type":"message_delta","delta":{{"stop_reason":{},)"
                           R"("stop_sequence":null}},"usage":{{"output_tokens":{}}}}})",
                           json_string(script.stop_reason), script.tokens.output));
}

std::string message_stop_event() {
  return event("message_stop", R"({"type":"message_stop"})");
}

std::string error_event(std::string_view type) {
  const int status = type.empty() ? 529 : 500;
  return event("error", fmt::format(R"({{"type":"error","error":{{"type":{},"message":{}}}}})",
                                    json_string(type.empty() ? wording(status).type : type),
                                    json_string(wording(status).message)));
}

std::string malformed_event(malformation kind) {
  return event("content_block_delta",
               kind == malformation::cut ? R"({"type":"content_block_delta","index":0,"delta":{"te)"
                                         : "<html>this is not JSON</html>");
}

std::string answer_word(std::uint32_t n, std::uint32_t bytes) {
  if (bytes == 0) return std::string(words[n % answer_word_count]);
  std::string text;
  while (text.size() < bytes) text += words[n++ % answer_word_count];
  text.resize(bytes);
  return text;
}

}  // namespace baton::mock
