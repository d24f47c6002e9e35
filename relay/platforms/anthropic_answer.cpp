#include "relay/platforms/anthropic_answer.hpp"

#include "relay/platforms/json_parser.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

constexpr std::uint64_t count_max = std::uint64_t{1} << 53;  // beyond it JSON numbers lose digits
constexpr std::size_t text_bytes_max = 256;                  // no model or type is longer

std::optional<std::int64_t> read_count(value& field) {
  std::uint64_t count = 0;
  if (field.get_uint64().get(count) || count > count_max) return std::nullopt;
  return static_cast<std::int64_t>(count);
}

void read_text(value& field, std::string& into) {
  std::string_view text;
  if (!field.get_string().get(text) && text.size() <= text_bytes_max) into = text;
}

// Calls `read(name, value)` for each field. False if the object is broken or is none.
template <class Read>
bool for_each_field(simdjson::simdjson_result<object> fields, Read read) {
  if (fields.error()) return false;
  for (auto field : fields.value_unsafe()) {
    std::string_view name;
    value content;
    if (field.unescaped_key().get(name) || field.value().get(content)) return false;
    read(name, content);
  }
  return true;
}

bool is_object(value& field) {
  json_type type{};
  return !field.type().get(type) && type == json_type::object;
}

void read_cache_creation(value& field, anthropic_usage& usage) {
  if (!is_object(field)) return;
  for_each_field(field.get_object(), [&usage](std::string_view name, value& content) {
    if (name == "ephemeral_5m_input_tokens") usage.cache_creation_5m = read_count(content);
    if (name == "ephemeral_1h_input_tokens") usage.cache_creation_1h = read_count(content);
  });
}

void read_usage(value& field, anthropic_usage& usage) {
  if (!is_object(field)) return;
  for_each_field(field.get_object(), [&usage](std::string_view name, value& content) {
    if (name == "input_tokens") usage.input = read_count(content);
    if (name == "output_tokens") usage.output = read_count(content);
    if (name == "cache_read_input_tokens") usage.cache_read = read_count(content);
    if (name == "cache_creation_input_tokens") usage.cache_creation = read_count(content);
    if (name == "cache_creation") read_cache_creation(content, usage);
  });
}

void read_message(value& field, anthropic_answer& answer) {
  if (!is_object(field)) return;
  for_each_field(field.get_object(), [&answer](std::string_view name, value& content) {
    if (name == "model") read_text(content, answer.model);
    if (name == "usage") read_usage(content, answer.usage);
  });
}

void read_error(value& field, anthropic_answer& answer) {
  answer.has_error = true;
  if (!is_object(field)) return;
  for_each_field(field.get_object(), [&answer](std::string_view name, value& content) {
    if (name == "type") read_text(content, answer.error_type);
  });
}

void replace(std::int64_t& earlier, const std::optional<std::int64_t>& later) {
  if (later.value_or(0) > 0) earlier = *later;
}

}  // namespace

void anthropic_usage::enter_into(token_usage& total) const {
  replace(total.input, input);
  replace(total.output, output);
  replace(total.cache_read, cache_read);
  if (cache_creation_5m || cache_creation_1h) {
    // The split decides wherever it is given; the sum beside it counts the same tokens.
    replace(total.cache_write_5m, cache_creation_5m);
    replace(total.cache_write_1h, cache_creation_1h);
  } else if (cache_creation.value_or(0) > 0 && *cache_creation >= total.cache_write_1h) {
    // message_start gives the split and message_delta the sum alone: what is known to be written
    // for an hour stays so and is not counted again.
    total.cache_write_5m = *cache_creation - total.cache_write_1h;
  }
}

anthropic_answer read_anthropic_answer(std::string_view padded) {
  anthropic_answer answer;
  json_parser parser(padded.size());
  simdjson::ondemand::document document;
  if (parser.parse(padded, document)) return answer;
  const bool to_its_end =
      for_each_field(document.get_object(), [&answer](std::string_view name, value& content) {
        if (name == "type") read_text(content, answer.type);
        if (name == "message") read_message(content, answer);
        if (name == "model") read_text(content, answer.model);
        if (name == "usage") read_usage(content, answer.usage);
        if (name == "error") read_error(content, answer);
      });
  answer.well_formed = to_its_end && document.current_location().error();
  return answer;
}

}  // namespace baton::relay
