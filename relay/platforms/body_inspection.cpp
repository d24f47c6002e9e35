#include "relay/platforms/body_inspection.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "relay/platforms/json_parser.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;

bool is_null(simdjson::ondemand::value& value) {
  bool none = false;
  return !value.is_null().get(none) && none;
}

// What may stand between a value and the next member.
bool is_gap(char c) {
  return c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

error malformed_field(std::string_view field, std::string_view what) {
  return downstream_error(error_code::malformed_request,
                          std::string(field) + ": " + std::string(what));
}

error malformed_json(simdjson::error_code reason) {
  return downstream_error(
      error_code::malformed_request,
      "The request body is not valid JSON: " + std::string(simdjson::error_message(reason)));
}

result<void> body_inspection::run() {
  json_parser parser(body_.size());
  simdjson::ondemand::document document;
  if (const auto failed = parser.parse(body_, document)) return malformed_json(failed);
  simdjson::ondemand::object object;
  if (const auto failed = document.get_object().get(object)) {
    if (failed == simdjson::INCORRECT_TYPE) {
      return downstream_error(error_code::malformed_request,
                              "The request body must be a JSON object");
    }
    return malformed_json(failed);
  }
  for (auto entry : object) {
    if (entry.error()) return malformed_json(entry.error());
    if (auto taken = take(entry.value_unsafe()); !taken) return taken.error();
  }
  // A location means that there is something behind the object.
  if (!document.current_location().error()) return malformed_json(simdjson::TRAILING_CONTENT);
  end_member(body_.data() + body_.rfind('}'));
  return {};
}

std::string_view body_inspection::text(std::size_t field) const {
  const finding& found = found_[field];
  if (found.times != 1) return {};
  return body_.substr(found.value_begin, found.end - found.value_begin);
}

body_member body_inspection::member(std::size_t field) const {
  const finding& found = found_[field];
  return found.times == 1 ? body_member{found.begin, found.end} : body_member{};
}

std::string_view body_inspection::up_to_quote_or_escape(const char* begin) const {
  const char* const end = body_.data() + body_.size();
  const char* const stop = std::find_if(begin, end, [](char c) { return c == '"' || c == '\\'; });
  return {begin, static_cast<std::size_t>(stop - begin)};
}

std::size_t body_inspection::field_named(std::string_view name) const {
  std::size_t at = 0;
  for (; at < fields_.size(); ++at) {
    const auto known = fields_[at].name;
    if (known.size() == name.size() && text::lower(name[0]) == text::lower(known[0]) &&
        text::iequals(name, known)) {
      break;
    }
  }
  return at;
}

result<void> body_inspection::take(simdjson::ondemand::field& entry) {
  const std::string_view name = up_to_quote_or_escape(entry.key().raw());
  end_member(name.data() - 1);
  if (name.data()[name.size()] == '\\') return take_escaped(entry);
  const std::size_t which = name.empty() ? fields_.size() : field_named(name);
  if (which == fields_.size()) return check_unread(entry.value());
  const known_field& known = fields_[which];
  if (name != known.name) {
    if (known.strict) {
      return malformed_field(known.name, "The field's name must be written as here");
    }
    return check_unread(entry.value());
  }
  if (known.strict && has(which)) return malformed_field(name, "The field is there twice");
  begin_member(which, name, entry.value());
  return known.strict ? read(which, entry.value()) : check_unread(entry.value());
}

result<void> body_inspection::take_escaped(simdjson::ondemand::field& entry) {
  std::string_view name;
  if (const auto failed = entry.unescaped_key().get(name)) return malformed_json(failed);
  const std::size_t which = name.empty() ? fields_.size() : field_named(name);
  if (which != fields_.size() && fields_[which].strict) {
    return malformed_field(fields_[which].name, "The field's name must be written without escapes");
  }
  return check_unread(entry.value());
}

void body_inspection::begin_member(std::size_t field, std::string_view name,
                                   simdjson::ondemand::value& value) {
  finding& found = found_[field];
  ++found.times;
  found.begin = offset_of(name) - 1;
  found.value_begin = offset_of(value.raw_json_token());
  open_ = &found;
}

void body_inspection::end_member(const char* next) {
  if (open_ == nullptr) return;
  const char* const begin = body_.data() + open_->value_begin;
  while (next != begin && is_gap(next[-1])) --next;
  open_->end = static_cast<std::size_t>(next - body_.data());
  open_ = nullptr;
}

// simdjson steps over a value by counting brackets. It takes a closing bracket for a value, and a
// second colon for an object's, and would then lose count.
result<void> body_inspection::check_unread(simdjson::ondemand::value value) const {
  json_type type{};
  if (const auto failed = value.type().get(type)) return malformed_json(failed);
  if (type == json_type::string) {
    const std::string_view token = value.raw_json_token();  // up to the next one
    if (token.data()[token.size()] == ':') return malformed_json(simdjson::TAPE_ERROR);
  }
  return {};
}

result<void> body_inspection::read_model(std::string_view field, simdjson::ondemand::value value,
                                         request_facts& facts) const {
  simdjson::ondemand::raw_json_string raw;
  if (value.get_raw_json_string().get(raw)) return malformed_field(field, "Must be a string");
  const std::string_view name = up_to_quote_or_escape(raw.raw());
  if (name.data()[name.size()] == '\\') {
    return downstream_error(error_code::invalid_argument,
                            std::string(field) + ": Must be written without escapes");
  }
  if (name.empty()) return malformed_field(field, "Must not be empty");
  if (name.size() > model_bytes_max) {
    return malformed_field(field,
                           "Must not be longer than " + std::to_string(model_bytes_max) + " bytes");
  }
  facts.model = name;
  facts.model_offset = offset_of(name);
  return {};
}

result<void> body_inspection::check_array(std::string_view field, std::string_view element,
                                          simdjson::ondemand::value value) const {
  json_type type{};
  if (value.type().get(type) || type != json_type::array) {
    return malformed_field(field, "Must be an array");
  }
  const std::size_t first =
      body_.find_first_not_of(" \t\r\n", offset_of(value.raw_json_token()) + 1);
  if (first == std::string_view::npos || body_[first] == ']') {
    return malformed_field(field, "Must hold at least one " + std::string(element));
  }
  return {};
}

result<void> body_inspection::read_flag(std::string_view field, simdjson::ondemand::value value,
                                        bool& flag) {
  json_type type{};
  if (!value.type().get(type)) {
    if (type == json_type::boolean && !value.get_bool().get(flag)) return {};
    if (type == json_type::null && is_null(value)) return {};
  }
  return malformed_field(field, "Must be true or false");
}

result<void> body_inspection::read_count(std::string_view field, simdjson::ondemand::value value,
                                         std::uint64_t& count) {
  json_type type{};
  if (!value.type().get(type)) {
    if (type == json_type::null && is_null(value)) return {};
    std::uint64_t whole = 0;
    if (type == json_type::number && !value.get_uint64().get(whole)) {
      count = std::min(whole, count_max);
      return {};
    }
    // 1024.0 and 1e3 are whole numbers to many parsers.
    double number = 0;
    if (type == json_type::number && !value.get_double().get(number) && number >= 0) {
      count =
          number < static_cast<double>(count_max) ? static_cast<std::uint64_t>(number) : count_max;
      return {};
    }
  }
  return malformed_field(field, "Must be a number that is not negative");
}

}  // namespace baton::relay
