// Google's Gemini API (https://ai.google.dev/api/generate-content), and Code Assist, which Gemini
// CLI speaks after a Google login: the same answers inside {"response":…}.
#include <fmt/format.h>

#include <array>

#include "tests/support/mock_dialect.hpp"
#include "tests/support/mock_words.hpp"

namespace baton::mock {

namespace {

struct error_wording {
  int status;
  std::string_view name;
  std::string_view message;
};

// https://ai.google.dev/gemini-api/docs/troubleshooting and google.rpc.Code
constexpr std::array wordings{
    error_wording{400, "INVALID_ARGUMENT", "Request contains an invalid argument."},
    error_wording{401, "UNAUTHENTICATED", "Request had invalid authentication credentials."},
    error_wording{403, "PERMISSION_DENIED", "The caller does not have permission."},
    error_wording{404, "NOT_FOUND", "Requested entity was not found."},
    error_wording{409, "ABORTED", "The operation was aborted."},
    error_wording{429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."},
    error_wording{500, "INTERNAL", "Internal error encountered."},
    error_wording{501, "UNIMPLEMENTED", "Operation is not implemented."},
    error_wording{503, "UNAVAILABLE", "The model is overloaded. Please try again later."},
    error_wording{504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."},
};

const error_wording& wording(int status) {
  static constexpr error_wording other_client{0, "INVALID_ARGUMENT", "Refused."};
  static constexpr error_wording other_server{0, "INTERNAL", "Failed."};
  return wording_of(wordings, status, other_client, other_server);
}

std::string error_json(int status, std::string_view name, std::string_view message) {
  const error_wording& usual = wording(status);
  const document error{{"code", status},
                       {"message", message.empty() ? usual.message : message},
                       {"status", name.empty() ? usual.name : name}};
  return to_text({{"error", error}}, {});
}

// Google's events end with CRLF.
wire_event make_event(const answer_form& form, std::string_view data) {
  return {form.array ? std::string(data) : fmt::format("data: {}\r\n\r\n", data)};
}

document usage(const token_counts& tokens, std::int64_t output, std::int64_t reasoning) {
  const std::int64_t prompt = tokens.input + tokens.cache_read;
  return {{"promptTokenCount", prompt},
          {"candidatesTokenCount", output},
          {"cachedContentTokenCount", tokens.cache_read},
          {"thoughtsTokenCount", reasoning},
          {"totalTokenCount", prompt + output + reasoning}};
}

document text_part(std::string_view text) {
  return {{"text", text}};
}

document call_part(const answer_form& form) {
  return {{"functionCall", {{"name", form.tool}, {"args", document::parse(tool_arguments)}}}};
}

std::string finish_reason(const behaviour& script) {
  return script.stop_reason.empty() ? "STOP" : script.stop_reason;
}

document candidate(document part) {
  return {{"content", {{"parts", list_of(std::move(part))}, {"role", "model"}}}, {"index", 0}};
}

// An answer or a part of one. `whole`: it is over, and all is counted.
std::string content_json(const behaviour& script, const answer_form& form, document part,
                         bool whole) {
  document choice = candidate(std::move(part));
  if (whole) choice["finishReason"] = finish_reason(script);
  document all{{"candidates", list_of(std::move(choice))}};
  const token_counts& tokens = script.tokens;
  put_usage(all, script, "usageMetadata",
            whole ? usage(tokens, tokens.output, tokens.reasoning) : usage(tokens, 1, 0));
  all["modelVersion"] = form.model;
  all["responseId"] = id_of("");
  if (!whole) put_clock(all, script);
  if (form.code_assist) all = {{"response", std::move(all)}, {"traceId", id_of("")}};
  return to_text(all, script);
}

document model_entry(const std::string& name) {
  return {{"name", "models/" + name},
          {"version", "001"},
          {"displayName", name},
          {"inputTokenLimit", 1'048'576},
          {"outputTokenLimit", 65'536},
          {"supportedGenerationMethods", document::array({"generateContent", "countTokens"})}};
}

std::string models_json() {
  document models = document::array();
  for (const char* name : {"gemini-2.5-pro", "gemini-2.5-flash", "text-embedding-004"}) {
    models.push_back(model_entry(name));
  }
  return document{{"models", std::move(models)}}.dump();
}

class gemini_dialect : public dialect {
 public:
  std::string head_lines() const override;
  std::string answer(const behaviour& script, const answer_form& form) const override;
  event_set events(const behaviour& script, const answer_form& form) const override;
  std::string side_answer(const route& way, const behaviour& script,
                          const answer_form& form) const override;
  error_document error(int status, std::string_view type, std::string_view message) const override;
};

std::string gemini_dialect::head_lines() const {
  return "server: scaffolding on HTTPServer2\r\n"
         "server-timing: gfet4t7; dur=5\r\n"
         "x-content-type-options: nosniff\r\n";
}

std::string gemini_dialect::answer(const behaviour& script, const answer_form& form) const {
  document part = form.tool.empty() ? text_part(answer_text(script)) : call_part(form);
  return content_json(script, form, std::move(part), true);
}

event_set gemini_dialect::events(const behaviour& script, const answer_form& form) const {
  event_set all;
  all.content_type = form.array ? "application/json" : "text/event-stream";
  if (form.array) {
    all.lead = "[";
    all.separator = "\n,\r\n";
    all.tail = "\n]";
  }
  if (form.tool.empty()) {
    for (std::uint32_t n = 0; n < word_variants(script); ++n) {
      document part = text_part(answer_word(n, script.event_bytes));
      all.deltas.push_back(make_event(form, content_json(script, form, std::move(part), false)));
    }
    all.delta_count = script.events;
  } else {
    all.deltas = {make_event(form, content_json(script, form, call_part(form), false))};
    all.delta_count = 1;
  }
  if (!script.omit_end) {
    all.closing = {make_event(form, content_json(script, form, text_part(""), true))};
  }
  // An array has no place for one.
  if (!form.array) all.ping = {": ping\r\n\r\n"};
  const int status = script.error_type.empty() ? overload_status() : 500;
  all.error = make_event(form, error_json(status, script.error_type, script.error_message));
  all.malformed = make_event(form, script.malformed_with == malformation::cut
                                       ? R"({"candidates":[{"content":{"parts":[{"te)"
                                       : "<html>this is not JSON</html>");
  return all;
}

std::string gemini_dialect::side_answer(const route& way, const behaviour& script,
                                        const answer_form&) const {
  const document vector{{"values", document::array({0.25, -0.5, 0.125})}};
  switch (way.what) {
    case operation::count_tokens: return document{{"totalTokens", script.tokens.input}}.dump();
    case operation::embed: return document{{"embedding", vector}}.dump();
    case operation::embed_batch: return document{{"embeddings", list_of(vector)}}.dump();
    case operation::show_model: return model_entry(way.model).dump();
    case operation::load_code_assist:
      return document{{"currentTier", {{"id", "standard-tier"}}},
                      {"cloudaicompanionProject", "mock-project"}}
          .dump();
    case operation::onboard_user:
      return document{{"done", true},
                      {"response", {{"cloudaicompanionProject", {{"id", "mock-project"}}}}}}
          .dump();
    default: return models_json();
  }
}

error_document gemini_dialect::error(int status, std::string_view type,
                                     std::string_view message) const {
  return {error_json(status, type, message)};
}

}  // namespace

const dialect& gemini() {
  static const gemini_dialect the;
  return the;
}

}  // namespace baton::mock
