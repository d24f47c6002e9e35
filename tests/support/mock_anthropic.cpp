#include "tests/support/mock_anthropic.hpp"

#include <fmt/format.h>

#include <array>

#include "tests/support/mock_words.hpp"

namespace baton::mock {

namespace {

struct error_wording {
  int status;
  std::string_view type;
  std::string_view message;
};

// https://docs.anthropic.com/en/api/errors
constexpr std::array<error_wording, 12> wordings{{
    {400, "invalid_request_error", "The request is not valid."},
    {401, "authentication_error", "invalid x-api-key"},
    {403, "permission_error", "Your account may not use this resource."},
    {404, "not_found_error", "Not found"},
    {405, "invalid_request_error", "Method not allowed"},
    {413, "request_too_large", "Request exceeds the maximum size"},
    {429, "rate_limit_error", "Number of requests has exceeded your limit"},
    {500, "api_error", "Internal server error"},
    {502, "api_error", "Bad gateway"},
    {503, "api_error", "Service unavailable"},
    {504, "timeout_error", "Gateway timeout"},
    {529, "overloaded_error", "Overloaded"},
}};

const error_wording& wording(int status) {
  static constexpr error_wording other_client{0, "invalid_request_error", "Refused"};
  static constexpr error_wording other_server{0, "api_error", "Failed"};
  return wording_of(wordings, status, other_client, other_server);
}

document error_object(int status, std::string_view type, std::string_view message) {
  const error_wording& usual = wording(status);
  return {{"type", "error"},
          {"error",
           {{"type", type.empty() ? usual.type : type},
            {"message", message.empty() ? usual.message : message}}}};
}

document usage(const token_counts& tokens, std::int64_t output) {
  return {{"input_tokens", tokens.input},
          {"cache_creation_input_tokens", tokens.cache_write_5m + tokens.cache_write_1h},
          {"cache_read_input_tokens", tokens.cache_read},
          {"cache_creation",
           {{"ephemeral_5m_input_tokens", tokens.cache_write_5m},
            {"ephemeral_1h_input_tokens", tokens.cache_write_1h}}},
          {"output_tokens", output},
          {"service_tier", "standard"}};
}

std::string stop_reason(const behaviour& script, const answer_form& form) {
  if (!script.stop_reason.empty()) return script.stop_reason;
  return form.tool.empty() ? "end_turn" : "tool_use";
}

document tool_block(const answer_form& form, document input) {
  return {{"type", "tool_use"},
          {"id", id_of("toolu_")},
          {"name", form.tool},
          {"input", std::move(input)}};
}

document message(const answer_form& form, document content, document reason) {
  return {{"id", id_of("msg_")},           {"type", "message"},
          {"role", "assistant"},           {"model", form.model},
          {"content", std::move(content)}, {"stop_reason", std::move(reason)},
          {"stop_sequence", nullptr}};
}

named_event make_event(const document& data, const behaviour& script) {
  return {data["type"], to_text(data, script)};
}

named_event message_start(const behaviour& script, const answer_form& form) {
  document start = message(form, document::array(), nullptr);
  put_usage(start, script, "usage", usage(script.tokens, 1));
  return make_event({{"type", "message_start"}, {"message", std::move(start)}}, script);
}

named_event block_start(const behaviour& script, const answer_form& form) {
  document block = form.tool.empty() ? document{{"type", "text"}, {"text", ""}}
                                     : tool_block(form, document::object());
  return make_event(
      {{"type", "content_block_start"}, {"index", 0}, {"content_block", std::move(block)}}, script);
}

named_event delta(const behaviour& script, document content) {
  document event{{"type", "content_block_delta"}, {"index", 0}, {"delta", std::move(content)}};
  put_clock(event, script);
  return make_event(event, script);
}

std::vector<named_event> deltas(const behaviour& script, const answer_form& form) {
  std::vector<named_event> all;
  if (!form.tool.empty()) {
    for (const std::string_view part : {tool_arguments_start, tool_arguments_rest}) {
      all.push_back(delta(script, {{"type", "input_json_delta"}, {"partial_json", part}}));
    }
    return all;
  }
  for (std::uint32_t n = 0; n < word_variants(script); ++n) {
    all.push_back(
        delta(script, {{"type", "text_delta"}, {"text", answer_word(n, script.event_bytes)}}));
  }
  return all;
}

named_event message_delta(const behaviour& script, const answer_form& form) {
  document event{
      {"type", "message_delta"},
      {"delta", {{"stop_reason", stop_reason(script, form)}, {"stop_sequence", nullptr}}}};
  put_usage(event, script, "usage", {{"output_tokens", script.tokens.output}});
  return make_event(event, script);
}

wire_event as_sse(const named_event& event) {
  return {sse_text(event.name, event.data)};
}

std::vector<wire_event> as_sse(const std::vector<named_event>& events) {
  std::vector<wire_event> all;
  all.reserve(events.size());
  for (const named_event& each : events) all.push_back(as_sse(each));
  return all;
}

std::string models_json() {
  document data = document::array();
  const auto add = [&data](const char* id, const char* name, const char* created) {
    data.push_back(
        {{"type", "model"}, {"id", id}, {"display_name", name}, {"created_at", created}});
  };
  add("claude-opus-4-1-20250805", "Claude Opus 4.1", "2025-08-05T00:00:00Z");
  add("claude-sonnet-4-20250514", "Claude Sonnet 4", "2025-05-22T00:00:00Z");
  add("claude-3-5-haiku-20241022", "Claude Haiku 3.5", "2024-10-22T00:00:00Z");
  const document first = data.front()["id"];
  const document last = data.back()["id"];
  return document{{"data", data}, {"has_more", false}, {"first_id", first}, {"last_id", last}}
      .dump();
}

}  // namespace

std::string message_json(const behaviour& script, const answer_form& form) {
  document block = form.tool.empty() ? document{{"type", "text"}, {"text", answer_text(script)}}
                                     : tool_block(form, document::parse(tool_arguments));
  document whole = message(form, list_of(std::move(block)), stop_reason(script, form));
  put_usage(whole, script, "usage", usage(script.tokens, script.tokens.output));
  return to_text(whole, script);
}

message_events make_message_events(const behaviour& script, const answer_form& form) {
  message_events all;
  all.ping = {"ping", R"({"type": "ping"})"};
  all.opening = {message_start(script, form), block_start(script, form), all.ping};
  all.deltas = deltas(script, form);
  all.closing = {make_event({{"type", "content_block_stop"}, {"index", 0}}, script),
                 message_delta(script, form)};
  if (!script.omit_end) all.closing.push_back(make_event({{"type", "message_stop"}}, script));
  return all;
}

std::uint32_t message_delta_count(const behaviour& script, const answer_form& form) {
  return form.tool.empty() ? script.events : 2;
}

std::string malformed_message_data(malformation kind) {
  return kind == malformation::cut ? R"({"type":"content_block_delta","index":0,"delta":{"te)"
                                   : "<html>this is not JSON</html>";
}

std::string anthropic_dialect::head_lines() const {
  return fmt::format(
      "request-id: req_{}\r\n"
      "anthropic-organization-id: 6f1d4c52-0c3b-4a55-9a70-000000000001\r\n"
      "anthropic-ratelimit-requests-limit: 4000\r\n"
      "anthropic-ratelimit-requests-remaining: 3999\r\n"
      "anthropic-ratelimit-requests-reset: 2030-01-01T00:00:00Z\r\n"
      "anthropic-ratelimit-tokens-limit: 400000\r\n"
      "anthropic-ratelimit-tokens-remaining: 399000\r\n"
      "anthropic-ratelimit-tokens-reset: 2030-01-01T00:00:00Z\r\n",
      id_marker);
}

std::string anthropic_dialect::answer(const behaviour& script, const answer_form& form) const {
  return message_json(script, form);
}

event_set anthropic_dialect::events(const behaviour& script, const answer_form& form) const {
  const message_events parts = make_message_events(script, form);
  event_set all;
  all.content_type = "text/event-stream; charset=utf-8";
  all.opening = as_sse(parts.opening);
  all.deltas = as_sse(parts.deltas);
  all.delta_count = message_delta_count(script, form);
  all.closing = as_sse(parts.closing);
  all.ping = as_sse(parts.ping);
  const int status = script.error_type.empty() ? overload_status() : 500;
  all.error =
      as_sse(make_event(error_object(status, script.error_type, script.error_message), script));
  all.malformed = {sse_text("content_block_delta", malformed_message_data(script.malformed_with))};
  return all;
}

std::string anthropic_dialect::side_answer(const route& way, const behaviour& script,
                                           const answer_form&) const {
  if (way.what == operation::count_tokens) {
    return document{{"input_tokens", script.tokens.input}}.dump();
  }
  return models_json();
}

error_document anthropic_dialect::error(int status, std::string_view type,
                                        std::string_view message) const {
  document whole = error_object(status, type, message);
  whole["request_id"] = id_of("req_");
  return {to_text(whole, {})};
}

const dialect& anthropic() {
  static const anthropic_dialect the;
  return the;
}

}  // namespace baton::mock
