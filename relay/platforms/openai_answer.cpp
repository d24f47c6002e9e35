#include "relay/platforms/openai_answer.hpp"

#include <algorithm>

#include "relay/platforms/json_fields.hpp"
#include "relay/platforms/json_parser.hpp"
#include "relay/platforms/openai_error.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

void read_input_details(value& field, openai_usage& usage) {
  for_each_field_in(field, [&usage](std::string_view name, value& content) {
    if (name == "cached_tokens") usage.cache_read = read_token_count(content);
    if (name == "cache_write_tokens") usage.cache_write = read_token_count(content);
  });
}

void read_output_details(value& field, openai_usage& usage) {
  for_each_field_in(field, [&usage](std::string_view name, value& content) {
    if (name == "reasoning_tokens") usage.reasoning = read_token_count(content);
  });
}

void read_usage(value& field, openai_answer& answer) {
  if (!is_json_type(field, json_type::object)) return;
  answer.has_usage = true;
  auto& usage = answer.usage;
  for_each_field(field.get_object(), [&usage](std::string_view name, value& content) {
    if (name == "input_tokens" || name == "prompt_tokens") usage.input = read_token_count(content);
    if (name == "output_tokens" || name == "completion_tokens") {
      usage.output = read_token_count(content);
    }
    if (name == "input_tokens_details" || name == "prompt_tokens_details") {
      read_input_details(content, usage);
    }
    if (name == "output_tokens_details" || name == "completion_tokens_details") {
      read_output_details(content, usage);
    }
  });
}

// Azure's codes may be numbers of their own; they are read as text only where they are some.
void read_error(value& field, openai_answer& answer) {
  if (is_json_type(field, json_type::null)) return;
  answer.has_error = true;
  std::string code, type;
  for_each_field_in(field, [&](std::string_view name, value& content) {
    if (name == "code") read_short_text(content, code);
    if (name == "type") read_short_text(content, type);
  });
  answer.error_name = telling_error_name(code, type);
}

// Neither null nor empty.
bool is_something(value& field) {
  json_type type{};
  if (field.type().get(type)) return false;
  bool empty = true;
  if (type == json_type::array) {
    simdjson::ondemand::array elements;
    return !field.get_array().get(elements) && !elements.is_empty().get(empty) && !empty;
  }
  if (type == json_type::object) {
    simdjson::ondemand::object members;
    return !field.get_object().get(members) && !members.is_empty().get(empty) && !empty;
  }
  return type != json_type::null && !field.raw_json_token().starts_with("\"\"");
}

// Whatever a delta has beside its role: content, tool_calls, refusal, reasoning_content, audio, and
// what upstreams will think of next.
void read_delta(value& field, openai_answer& answer) {
  for_each_field_in(field, [&answer](std::string_view name, value& content) {
    if (name != "role") answer.has_delta |= is_something(content);
  });
}

void read_choices(value& field, openai_answer& answer) {
  simdjson::ondemand::array choices;
  if (!is_json_type(field, json_type::array) || field.get_array().get(choices)) return;
  for (auto choice : choices) {
    value one;
    if (choice.get(one)) return;
    answer.has_choices = true;
    for_each_field_in(one, [&answer](std::string_view name, value& content) {
      if (name == "delta") read_delta(content, answer);
      if (name == "finish_reason" && is_json_type(content, json_type::string)) {
        answer.has_finish |= is_something(content);
      }
    });
  }
}

void read_response_field(std::string_view name, value& content, openai_answer& answer) {
  if (name == "id") read_short_text(content, answer.id);
  if (name == "model") read_short_text(content, answer.model);
  if (name == "status") read_short_text(content, answer.status);
  if (name == "service_tier") read_short_text(content, answer.tier);
  if (name == "usage") read_usage(content, answer);
  if (name == "error") read_error(content, answer);
}

// `other(name, value)` is given the fields of the top level that are nobody else's.
template <class Other>
openai_answer read_answer(std::string_view padded, Other other) {
  openai_answer answer;
  std::string code;  // of an error that has no object around it
  json_parser parser(padded.size());
  simdjson::ondemand::document document;
  if (parser.parse(padded, document)) return answer;
  const bool to_its_end =
      for_each_field(document.get_object(), [&](std::string_view name, value& content) {
        if (name == "type") return read_short_text(content, answer.type);
        if (name == "code") return read_short_text(content, code);
        if (name == "response") {
          return for_each_field_in(content, [&answer](std::string_view inner, value& of_response) {
            read_response_field(inner, of_response, answer);
          });
        }
        read_response_field(name, content, answer);
        other(name, content, answer);
      });
  answer.well_formed = to_its_end && document.current_location().error();
  if (!answer.has_error) {
    const bool is_error = answer.type == "error";
    answer.error_name = telling_error_name(code, is_error ? "" : answer.type);
    answer.has_error = is_error;
  }
  return answer;
}

}  // namespace

void openai_usage::enter_into(token_usage& total) const {
  const auto written = cache_write.value_or(0), read = cache_read.value_or(0);
  const auto thought = reasoning.value_or(0);
  token_usage counted;
  counted.input = std::max<std::int64_t>(input.value_or(0) - read - written, 0);
  counted.output = std::max<std::int64_t>(output.value_or(0) - thought, 0);
  counted.cache_read = read;
  counted.cache_write_5m = written;
  counted.reasoning = thought;
  if (counted.total() != 0) total = counted;
}

openai_answer read_openai_answer(std::string_view padded) {
  return read_answer(padded, [](std::string_view, value&, openai_answer&) {});
}

openai_answer read_openai_chunk(std::string_view padded) {
  return read_answer(padded, [](std::string_view name, value& content, openai_answer& answer) {
    if (name == "choices") read_choices(content, answer);
  });
}

}  // namespace baton::relay
