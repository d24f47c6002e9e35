#include "relay/platforms/anthropic_answer.hpp"

#include "relay/platforms/json_fields.hpp"
#include "relay/platforms/json_parser.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::value;

void read_cache_creation(value& field, anthropic_usage& usage) {
  for_each_field_in(field, [&usage](std::string_view name, value& content) {
    if (name == "ephemeral_5m_input_tokens") usage.cache_creation_5m = read_token_count(content);
    if (name == "ephemeral_1h_input_tokens") usage.cache_creation_1h = read_token_count(content);
  });
}

void read_usage(value& field, anthropic_usage& usage) {
  for_each_field_in(field, [&usage](std::string_view name, value& content) {
    if (name == "input_tokens") usage.input = read_token_count(content);
    if (name == "output_tokens") usage.output = read_token_count(content);
    if (name == "cache_read_input_tokens") usage.cache_read = read_token_count(content);
    if (name == "cache_creation_input_tokens") usage.cache_creation = read_token_count(content);
    if (name == "service_tier") read_short_text(content, usage.tier);
    if (name == "speed") read_short_text(content, usage.speed);
    if (name == "cache_creation") read_cache_creation(content, usage);
  });
}

void read_message(value& field, anthropic_answer& answer) {
  for_each_field_in(field, [&answer](std::string_view name, value& content) {
    if (name == "model") read_short_text(content, answer.model);
    if (name == "usage") read_usage(content, answer.usage);
  });
}

void read_error(value& field, anthropic_answer& answer) {
  answer.has_error = true;
  for_each_field_in(field, [&answer](std::string_view name, value& content) {
    if (name == "type") read_short_text(content, answer.error_type);
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

service_tier anthropic_usage::tier_or(service_tier before) const {
  if (speed == "fast") return service_tier::fast;
  return tier.empty() ? before : service_tier_named(tier);
}

anthropic_answer read_anthropic_answer(std::string_view padded) {
  anthropic_answer answer;
  json_parser parser(padded.size());
  simdjson::ondemand::document document;
  if (parser.parse(padded, document)) return answer;
  const bool to_its_end =
      for_each_field(document.get_object(), [&answer](std::string_view name, value& content) {
        if (name == "type") read_short_text(content, answer.type);
        if (name == "message") read_message(content, answer);
        if (name == "model") read_short_text(content, answer.model);
        if (name == "usage") read_usage(content, answer.usage);
        if (name == "error") read_error(content, answer);
      });
  answer.well_formed = to_its_end && document.current_location().error();
  return answer;
}

}  // namespace baton::relay
