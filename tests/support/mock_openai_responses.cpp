// OpenAI's Responses API (https://platform.openai.com/docs/api-reference/responses), also at Azure.
#include <fmt/format.h>

#include "tests/support/mock_openai.hpp"

namespace baton::mock {

namespace {

document usage(const token_counts& tokens) {
  const std::int64_t input = tokens.input + tokens.cache_read;
  const std::int64_t output = tokens.output + tokens.reasoning;
  return {{"input_tokens", input},
          {"input_tokens_details", {{"cached_tokens", tokens.cache_read}}},
          {"output_tokens", output},
          {"output_tokens_details", {{"reasoning_tokens", tokens.reasoning}}},
          {"total_tokens", input + output}};
}

document text_part(std::string_view text) {
  return {{"type", "output_text"},
          {"annotations", document::array()},
          {"logprobs", document::array()},
          {"text", text}};
}

document message_item(const char* status, document content) {
  return {{"id", id_of("msg_")},
          {"type", "message"},
          {"status", status},
          {"content", std::move(content)},
          {"role", "assistant"}};
}

document call_item(const answer_form& form, const char* status, std::string_view arguments) {
  return {{"id", id_of("fc_")},     {"type", "function_call"},   {"status", status},
          {"arguments", arguments}, {"call_id", id_of("call_")}, {"name", form.tool}};
}

document finished_item(const answer_form& form, std::string_view text) {
  return form.tool.empty() ? message_item("completed", list_of(text_part(text)))
                           : call_item(form, "completed", tool_arguments);
}

// A response with nothing in it yet.
document response(const answer_form& form, const char* status) {
  return {{"id", id_of("resp_")},
          {"object", "response"},
          {"created_at", openai_created},
          {"status", status},
          {"background", false},
          {"error", nullptr},
          {"incomplete_details", nullptr},
          {"instructions", nullptr},
          {"max_output_tokens", nullptr},
          {"metadata", document::object()},
          {"model", form.model},
          {"output", document::array()},
          {"parallel_tool_calls", true},
          {"previous_response_id", nullptr},
          {"reasoning", {{"effort", nullptr}, {"summary", nullptr}}},
          {"service_tier", "default"},
          {"store", true},
          {"temperature", 1.0},
          {"text", {{"format", {{"type", "text"}}}}},
          {"tool_choice", "auto"},
          {"tools", document::array()},
          {"top_p", 1.0},
          {"truncation", "disabled"},
          {"usage", nullptr}};
}

const char* status_of(terminal_event how) {
  switch (how) {
    case terminal_event::completed: return "completed";
    case terminal_event::incomplete: return "incomplete";
    case terminal_event::failed: return "failed";
  }
  return "";
}

// The same when it is over, as the script wants it to end.
document ended_response(const behaviour& script, const answer_form& form, std::string_view text) {
  document whole = response(form, status_of(script.terminal));
  whole["output"] = list_of(finished_item(form, text));
  if (script.terminal == terminal_event::incomplete) {
    const std::string& reason = script.stop_reason;
    whole["incomplete_details"] = {{"reason", reason.empty() ? "max_output_tokens" : reason}};
  }
  if (script.terminal == terminal_event::failed) {
    const auto or_usual = [](const std::string& text_said, const char* usual) {
      return text_said.empty() ? std::string(usual) : text_said;
    };
    whole["error"] = {{"code", or_usual(script.error_type, "server_error")},
                      {"message", or_usual(script.error_message, "The model failed.")}};
  }
  whole.erase("usage");
  put_usage(whole, script, "usage", usage(script.tokens));
  return whole;
}

// The events of one stream, each numbered when it is sent.
class event_maker {
 public:
  event_maker(const behaviour& script, const answer_form& form) : script_(script), form_(form) {}

  std::vector<wire_event> opening() const {
    const document begun{{"response", response(form_, "in_progress")}};
    std::vector<wire_event> all{make("response.created", begun),
                                make("response.in_progress", begun)};
    document item = form_.tool.empty() ? message_item("in_progress", document::array())
                                       : call_item(form_, "in_progress", "");
    all.push_back(
        make("response.output_item.added", {{"output_index", 0}, {"item", std::move(item)}}));
    if (form_.tool.empty()) {
      all.push_back(make("response.content_part.added", in_part({{"part", text_part("")}})));
    }
    return all;
  }

  std::vector<wire_event> deltas() const {
    std::vector<wire_event> all;
    if (!form_.tool.empty()) {
      for (const std::string_view part : {tool_arguments_start, tool_arguments_rest}) {
        all.push_back(delta("response.function_call_arguments.delta", in_item({{"delta", part}})));
      }
      return all;
    }
    for (std::uint32_t n = 0; n < word_variants(script_); ++n) {
      all.push_back(delta("response.output_text.delta",
                          in_part({{"delta", answer_word(n, script_.event_bytes)},
                                   {"logprobs", document::array()}})));
    }
    return all;
  }

  std::vector<wire_event> closing() const {
    const std::string text = streamed_text(script_);
    std::vector<wire_event> all;
    if (form_.tool.empty()) {
      all.push_back(make("response.output_text.done",
                         in_part({{"text", text}, {"logprobs", document::array()}})));
      all.push_back(make("response.content_part.done", in_part({{"part", text_part(text)}})));
    } else {
      all.push_back(make("response.function_call_arguments.done",
                         in_item({{"name", form_.tool}, {"arguments", tool_arguments}})));
    }
    all.push_back(make("response.output_item.done",
                       {{"output_index", 0}, {"item", finished_item(form_, text)}}));
    if (script_.omit_end) return all;
    all.push_back(make(std::string("response.") + status_of(script_.terminal),
                       {{"response", ended_response(script_, form_, text)}}));
    return all;
  }

  wire_event make(const std::string& type, const document& members) const {
    return numbered(type, members, false);
  }

 private:
  wire_event delta(const std::string& type, const document& members) const {
    return numbered(type, members, true);
  }

  wire_event numbered(const std::string& type, const document& members, bool timed) const {
    document event{{"type", type}, {"sequence_number", sequence_value}};
    event.update(members);
    if (timed) put_clock(event, script_);
    return {sse_text(type, to_text(event, script_))};
  }

  // Adds what tells the item, or the part of it, that an event is about.
  document in_item(const document& members) const {
    document all{{"item_id", id_of(form_.tool.empty() ? "msg_" : "fc_")}, {"output_index", 0}};
    all.update(members);
    return all;
  }

  document in_part(const document& members) const {
    document all = in_item({{"content_index", 0}});
    all.update(members);
    return all;
  }

  const behaviour& script_;
  const answer_form& form_;
};

std::string compacted_json(const behaviour& script) {
  document whole{{"id", id_of("resp_")},
                 {"object", "response.compaction"},
                 {"created_at", openai_created},
                 {"output", list_of({{"id", id_of("cmp_")},
                                     {"type", "compaction"},
                                     {"encrypted_content", "bW9jaw=="}})}};
  put_usage(whole, script, "usage", usage(script.tokens));
  return to_text(whole, script);
}

// A response that was made before, under its own id.
std::string kept_json(std::string_view id, const behaviour& script, const answer_form& form,
                      const char* status) {
  document whole = ended_response(script, form, answer_text(script));
  whole["id"] = id;
  if (status != nullptr) whole["status"] = status;
  return to_text(whole, script);
}

std::string input_items_json() {
  const std::string id = id_of("msg_");
  const document item{
      {"id", id},
      {"type", "message"},
      {"role", "user"},
      {"status", "completed"},
      {"content", list_of({{"type", "input_text"}, {"text", "What the mock was asked."}})}};
  return to_text({{"object", "list"},
                  {"data", list_of(item)},
                  {"first_id", id},
                  {"last_id", id},
                  {"has_more", false}},
                 {});
}

class responses_dialect : public openai_dialect {
 public:
  using openai_dialect::openai_dialect;

  std::string answer(const behaviour& script, const answer_form& form) const override;
  event_set events(const behaviour& script, const answer_form& form) const override;
  std::string side_answer(const route& way, const behaviour& script,
                          const answer_form& form) const override;
  bool keeps_answers() const override { return true; }
};

std::string responses_dialect::answer(const behaviour& script, const answer_form& form) const {
  return to_text(ended_response(script, form, answer_text(script)), script);
}

event_set responses_dialect::events(const behaviour& script, const answer_form& form) const {
  const event_maker events(script, form);
  event_set all;
  all.content_type = "text/event-stream; charset=utf-8";
  all.opening = events.opening();
  all.deltas = events.deltas();
  all.delta_count = form.tool.empty() ? script.events : 2;
  all.closing = events.closing();
  all.ping = {": ping\n\n"};
  const error_words words = stream_error(script);
  all.error = events.make("error", {{"code", words.code.empty() ? words.type : words.code},
                                    {"message", words.message},
                                    {"param", nullptr}});
  all.malformed = {sse_text("response.output_text.delta",
                            script.malformed_with == malformation::cut
                                ? R"({"type":"response.output_text.delta","item_id":"ms)"
                                : "<html>this is not JSON</html>")};
  return all;
}

std::string responses_dialect::side_answer(const route& way, const behaviour& script,
                                           const answer_form& form) const {
  switch (way.what) {
    case operation::compact: return compacted_json(script);
    case operation::count_tokens:
      return document{{"object", "response.input_tokens"}, {"input_tokens", script.tokens.input}}
          .dump();
    case operation::show_response: return kept_json(way.id, script, form, nullptr);
    case operation::cancel_response: return kept_json(way.id, script, form, "cancelled");
    case operation::delete_response:
      return document{{"id", way.id}, {"object", "response"}, {"deleted", true}}.dump();
    case operation::list_input_items: return input_items_json();
    default: return openai_dialect::side_answer(way, script, form);
  }
}

}  // namespace

const dialect& openai_responses() {
  static const responses_dialect the(openai_host::openai);
  return the;
}

const dialect& azure_responses() {
  static const responses_dialect the(openai_host::azure);
  return the;
}

}  // namespace baton::mock
