#include "relay/platforms/openai_usage_wish.hpp"

#include <string>

#include "relay/platforms/body_inspection.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;

std::size_t offset_in(std::string_view body, std::string_view token) {
  return static_cast<std::size_t>(token.data() - body.data());
}

// Right behind an object's opening bracket, which is at `bracket`.
body_insertion first_member(std::string_view body, std::size_t bracket) {
  const auto next = body.find_first_not_of(" \t\r\n", bracket + 1);
  const bool empty = next != body.npos && body[next] == '}';
  return {bracket + 1, 0, empty ? "\"include_usage\":true" : "\"include_usage\":true,"};
}

}  // namespace

result<void> openai_usage_wish::read(std::string_view field, simdjson::ondemand::value value,
                                     std::string_view body) {
  given_ = true;
  json_type type{};
  if (value.type().get(type)) return malformed_field(field, "Must be an object");
  const std::size_t offset = offset_in(body, value.raw_json_token());
  bool is_null = false;
  if (type == json_type::null && !value.is_null().get(is_null) && is_null) {
    wish_ = {offset, 4, "{\"include_usage\":true}"};
    return {};
  }
  simdjson::ondemand::object options;
  if (type != json_type::object || value.get_object().get(options)) {
    return malformed_field(field, "Must be an object");
  }
  wish_ = first_member(body, offset);
  for (auto member : options) {
    if (member.error()) return malformed_field(field, "Must be an object");
    if (auto read = read_member(field, member.value_unsafe(), body); !read) return read;
  }
  return {};
}

// Every text is taken, because to pass over one that a second colon follows would lose count of the
// brackets.
result<void> openai_usage_wish::read_member(std::string_view field,
                                            simdjson::ondemand::field& member,
                                            std::string_view body) {
  std::string_view name;
  json_type type{};
  auto& value = member.value();
  if (member.unescaped_key().get(name) || value.type().get(type)) {
    return malformed_field(field, "Must be an object");
  }
  if (name == "include_usage") return read_flag(field, value, body);
  simdjson::ondemand::raw_json_string text;
  if (type == json_type::string && value.get_raw_json_string().get(text)) {
    return malformed_field(field, "Must be an object");
  }
  return {};
}

// Of two members with the same name most parsers take the last.
result<void> openai_usage_wish::read_flag(std::string_view field, simdjson::ondemand::value& value,
                                          std::string_view body) {
  const std::string_view token = value.raw_json_token();
  bool asked = false;
  auto read = body_inspection::read_flag(std::string(field) + ".include_usage", value, asked);
  if (!read) return read;
  wish_.reset();
  const std::size_t bytes = token.starts_with('n') ? 4 : 5;  // null, false
  if (!asked) wish_ = {offset_in(body, token), bytes, "true"};
  return {};
}

std::optional<body_insertion> openai_usage_wish::insertion(std::string_view body) const {
  if (given_) return wish_;
  return body_insertion{body.find('{') + 1, 0, "\"stream_options\":{\"include_usage\":true},"};
}

}  // namespace baton::relay
