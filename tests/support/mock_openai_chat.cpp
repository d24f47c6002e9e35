// OpenAI's Chat Completions (https://platform.openai.com/docs/api-reference/chat), embeddings and
// models; also at Azure.
#include <fmt/format.h>

#include "tests/support/mock_openai.hpp"

namespace baton::mock {

namespace {

document usage(const token_counts& tokens) {
  const std::int64_t prompt = tokens.input + tokens.cache_read;
  const std::int64_t completion = tokens.output + tokens.reasoning;
  return {{"prompt_tokens", prompt},
          {"completion_tokens", completion},
          {"total_tokens", prompt + completion},
          {"prompt_tokens_details", {{"cached_tokens", tokens.cache_read}, {"audio_tokens", 0}}},
          {"completion_tokens_details",
           {{"reasoning_tokens", tokens.reasoning},
            {"audio_tokens", 0},
            {"accepted_prediction_tokens", 0},
            {"rejected_prediction_tokens", 0}}}};
}

std::string finish_reason(const behaviour& script, const answer_form& form) {
  if (!script.stop_reason.empty()) return script.stop_reason;
  return form.tool.empty() ? "stop" : "tool_calls";
}

document tool_call(const answer_form& form, std::string_view arguments) {
  return {{"id", id_of("call_")},
          {"type", "function"},
          {"function", {{"name", form.tool}, {"arguments", arguments}}}};
}

document message(const behaviour& script, const answer_form& form) {
  document all{{"role", "assistant"}, {"content", nullptr}, {"refusal", nullptr}};
  if (form.tool.empty()) {
    all["content"] = answer_text(script);
  } else {
    all["tool_calls"] = list_of(tool_call(form, tool_arguments));
  }
  return all;
}

document head_of(const answer_form& form, const char* object) {
  return {{"id", id_of("chatcmpl-")},  {"object", object},
          {"created", openai_created}, {"model", form.model},
          {"service_tier", "default"}, {"system_fingerprint", "fp_0123456789"}};
}

// The chunks of one stream.
class chunk_maker {
 public:
  chunk_maker(const behaviour& script, const answer_form& form) : script_(script), form_(form) {}

  wire_event role() const {
    document delta{{"role", "assistant"}, {"content", ""}, {"refusal", nullptr}};
    if (!form_.tool.empty()) {
      document call{{"index", 0}};
      call.update(tool_call(form_, ""));
      delta["content"] = nullptr;
      delta["tool_calls"] = list_of(std::move(call));
    }
    return with_choice(std::move(delta), nullptr, false);
  }

  wire_event content(std::string_view text) const {
    return with_choice({{"content", text}}, nullptr, true);
  }

  wire_event arguments(std::string_view part) const {
    const document call{{"index", 0}, {"function", {{"arguments", part}}}};
    return with_choice({{"tool_calls", list_of(call)}}, nullptr, true);
  }

  wire_event finish() const {
    return with_choice(document::object(), finish_reason(script_, form_), false);
  }

  wire_event usage_only() const {
    document chunk = head_of(form_, "chat.completion.chunk");
    chunk["choices"] = document::array();
    put_usage(chunk, script_, "usage", usage(script_.tokens));
    return {sse_text("", to_text(chunk, script_))};
  }

 private:
  wire_event with_choice(document delta, document reason, bool timed) const {
    document chunk = head_of(form_, "chat.completion.chunk");
    chunk["choices"] = list_of({{"index", 0},
                                {"delta", std::move(delta)},
                                {"logprobs", nullptr},
                                {"finish_reason", std::move(reason)}});
    if (form_.include_usage) chunk["usage"] = nullptr;
    if (timed) put_clock(chunk, script_);
    return {sse_text("", to_text(chunk, script_))};
  }

  const behaviour& script_;
  const answer_form& form_;
};

class chat_dialect : public openai_dialect {
 public:
  using openai_dialect::openai_dialect;

  std::string answer(const behaviour& script, const answer_form& form) const override;
  event_set events(const behaviour& script, const answer_form& form) const override;
};

std::string chat_dialect::answer(const behaviour& script, const answer_form& form) const {
  document whole = head_of(form, "chat.completion");
  whole["choices"] = list_of({{"index", 0},
                              {"message", message(script, form)},
                              {"logprobs", nullptr},
                              {"finish_reason", finish_reason(script, form)}});
  put_usage(whole, script, "usage", usage(script.tokens));
  return to_text(whole, script);
}

std::vector<wire_event> deltas(const chunk_maker& chunks, const behaviour& script,
                               const answer_form& form) {
  if (!form.tool.empty()) {
    return {chunks.arguments(tool_arguments_start), chunks.arguments(tool_arguments_rest)};
  }
  std::vector<wire_event> all;
  for (std::uint32_t n = 0; n < word_variants(script); ++n) {
    all.push_back(chunks.content(answer_word(n, script.event_bytes)));
  }
  return all;
}

event_set chat_dialect::events(const behaviour& script, const answer_form& form) const {
  const chunk_maker chunks(script, form);
  event_set all;
  all.content_type = "text/event-stream; charset=utf-8";
  all.opening = {chunks.role()};
  all.deltas = deltas(chunks, script, form);
  all.delta_count = form.tool.empty() ? script.events : 2;
  if (!script.omit_end) {
    all.closing = {chunks.finish()};
    if (form.include_usage && !script.no_usage) all.closing.push_back(chunks.usage_only());
    all.closing.push_back({sse_text("", "[DONE]")});
  }
  all.ping = {": ping\n\n"};
  const error_words words = stream_error(script);
  const document error{{"message", words.message},
                       {"type", words.type},
                       {"param", nullptr},
                       {"code", words.code.empty() ? document(nullptr) : document(words.code)}};
  all.error = {sse_text("", to_text({{"error", error}}, script))};
  all.malformed = {sse_text("", script.malformed_with == malformation::cut
                                    ? R"({"id":"chatcmpl-0","object":"chat.completion.chunk","cho)"
                                    : "<html>this is not JSON</html>")};
  return all;
}

}  // namespace

const dialect& openai_chat() {
  static const chat_dialect the(openai_host::openai);
  return the;
}

const dialect& azure_chat() {
  static const chat_dialect the(openai_host::azure);
  return the;
}

}  // namespace baton::mock
