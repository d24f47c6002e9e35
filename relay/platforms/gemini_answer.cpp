#include "relay/platforms/gemini_answer.hpp"

#include <algorithm>

#include "relay/platforms/json_fields.hpp"
#include "relay/platforms/json_parser.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

constexpr std::int64_t input_max = std::int64_t{1} << 53;  // as of every single count

void read_usage(value& field, gemini_usage& usage) {
  for_each_field_in(field, [&usage](std::string_view name, value& content) {
    const auto read = [&content](std::int64_t& count) {
      count = read_token_count(content).value_or(0);
    };
    if (name == "promptTokenCount") read(usage.prompt);
    if (name == "cachedContentTokenCount") read(usage.cached);
    if (name == "toolUsePromptTokenCount") read(usage.tool_use);
    if (name == "candidatesTokenCount") read(usage.candidates);
    if (name == "thoughtsTokenCount") read(usage.thoughts);
  });
}

// A part is text or one of many other things; beside it stands what describes it.
bool is_content(std::string_view name, value& field) {
  if (name == "text") return is_text(field);
  return name != "thought" && name != "thoughtSignature" && name != "partMetadata" &&
         !is_json_type(field, json_type::null);
}

void read_content(value& field, gemini_answer& answer) {
  for_each_field_in(field, [&answer](std::string_view name, value& parts) {
    if (name != "parts") return;
    for_each_element_in(parts, [&answer](value& part) {
      for_each_field_in(part, [&answer](std::string_view kind, value& content) {
        answer.has_content |= is_content(kind, content);
      });
    });
  });
}

// The first value of these enumerations stands for none.
bool names_reason(value& field) {
  std::string reason;
  read_short_text(field, reason);
  return !reason.empty() && !reason.ends_with("_REASON_UNSPECIFIED");
}

void read_candidate(value& field, gemini_answer& answer) {
  for_each_field_in(field, [&answer](std::string_view name, value& content) {
    if (name == "content") read_content(content, answer);
    if (name == "finishReason") answer.finished |= names_reason(content);
  });
}

void read_feedback(value& field, gemini_answer& answer) {
  for_each_field_in(field, [&answer](std::string_view name, value& content) {
    if (name == "blockReason") answer.finished |= names_reason(content);
  });
}

void read_error(value& field, gemini_answer& answer) {
  if (is_json_type(field, json_type::null)) return;
  answer.has_error = true;
  for_each_field_in(field, [&answer](std::string_view name, value& content) {
    if (name == "status") read_short_text(content, answer.error_status);
  });
}

void read_field(std::string_view name, value& content, gemini_answer& answer) {
  if (name == "usageMetadata") read_usage(content, answer.usage);
  if (name == "modelVersion") read_short_text(content, answer.model);
  if (name == "promptFeedback") read_feedback(content, answer);
  if (name == "error") read_error(content, answer);
  if (name == "candidates") {
    for_each_element_in(content, [&answer](value& one) { read_candidate(one, answer); });
  }
}

void replace(std::int64_t& earlier, std::int64_t later) {
  if (later > 0) earlier = later;
}

}  // namespace

void gemini_usage::update(const gemini_usage& later) {
  replace(prompt, later.prompt);
  replace(cached, later.cached);
  replace(tool_use, later.tool_use);
  replace(candidates, later.candidates);
  replace(thoughts, later.thoughts);
}

token_usage gemini_usage::in_classes() const {
  token_usage usage;
  // More cached than there was is absurd, but some tell what was cached alone.
  usage.cache_read = prompt > 0 ? std::min(cached, prompt) : cached;
  usage.input = std::min(std::max(prompt - cached, std::int64_t{0}) + tool_use, input_max);
  usage.output = candidates;
  usage.reasoning = thoughts;
  return usage;
}

gemini_answer read_gemini_answer(std::string_view padded) {
  gemini_answer answer;
  json_parser parser(padded.size());
  simdjson::ondemand::document document;
  if (parser.parse(padded, document)) return answer;
  const auto read = [&answer](std::string_view name, value& content) {
    if (name != "response") return read_field(name, content, answer);
    for_each_field_in(content, [&answer](std::string_view inner, value& field) {
      read_field(inner, field, answer);
    });
  };
  const bool to_its_end = for_each_field(document.get_object(), read);
  answer.well_formed = to_its_end && document.current_location().error();
  answer.has_content |= answer.finished;
  return answer;
}

}  // namespace baton::relay
