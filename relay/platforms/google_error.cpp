#include "relay/platforms/google_error.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "relay/platforms/json_fields.hpp"
#include "relay/platforms/json_parser.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

struct google_error {
  std::string message;  // its beginning
  std::string reason;   // of an ErrorInfo, as "API_KEY_INVALID"
  std::optional<std::chrono::seconds> retry_delay;
};

// A Duration as JSON has it, "34.074824224s"; rounded up, and no longer than limits last.
std::optional<std::chrono::seconds> duration_in(std::string_view text) {
  if (!text.ends_with('s')) return std::nullopt;
  text.remove_suffix(1);
  const auto seconds = text::parse_number<double>(text);
  if (!seconds || !std::isfinite(*seconds) || *seconds < 0) return std::nullopt;
  const auto bounded = std::min(std::ceil(*seconds), static_cast<double>(reset_max.count()));
  return std::chrono::seconds(static_cast<std::int64_t>(bounded));
}

void read_detail(value& field, google_error& error) {
  for_each_field_in(field, [&error](std::string_view name, value& content) {
    if (name == "reason") read_short_text(content, error.reason);
    if (name != "retryDelay") return;
    std::string delay;
    read_short_text(content, delay);
    error.retry_delay = duration_in(delay);
  });
}

void read_beginning(value& field, std::string& into) {
  constexpr std::size_t bytes_max = 256;
  std::string_view text;
  if (!field.get_string().get(text)) into = text.substr(0, bytes_max);
}

void read_fields(value& field, google_error& error) {
  for_each_field_in(field, [&error](std::string_view name, value& content) {
    if (name == "message") read_beginning(content, error.message);
    if (name == "details") {
      for_each_element_in(content, [&error](value& detail) { read_detail(detail, error); });
    }
  });
}

void read_object(std::string_view name, value& field, google_error& error) {
  if (name == "error") read_fields(field, error);
}

google_error read(std::string_view body) {
  google_error error;
  std::string padded(body);
  padded.append(json_padding_bytes, '\0');
  json_parser parser(body.size());
  simdjson::ondemand::document document;
  if (parser.parse(std::string_view(padded).substr(0, body.size()), document)) return error;
  const auto take = [&error](std::string_view name, value& field) {
    read_object(name, field, error);
  };
  json_type type{};
  if (document.type().get(type)) return error;
  if (type == json_type::object) for_each_field(document.get_object(), take);
  simdjson::ondemand::array errors;
  if (type != json_type::array || document.get_array().get(errors)) return error;
  for (auto element : errors) {
    value one;
    if (element.get(one)) break;
    for_each_field_in(one, take);
  }
  return error;
}

// The message is looked at from its beginning only: a client must not be able to have an account
// blamed by making Google repeat its own words.
int status_of(int status, const google_error& error) {
  if (status == 499 || status == 504) return 504;
  if (status != 400) return status;
  const std::string_view message = error.message;
  if (error.reason == "API_KEY_INVALID" || message.starts_with("API key not valid") ||
      message.starts_with("API key expired")) {
    return 401;
  }
  return message.starts_with("User location is not supported") ? 403 : status;
}

}  // namespace

error_reading read_google_error(const error_answer& answer) {
  const google_error error = read(answer.body);
  error_reading reading;
  reading.status = status_of(answer.status, error);
  reading.wait = error.retry_delay;
  return reading;
}

}  // namespace baton::relay
