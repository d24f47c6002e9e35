#include "relay/platforms/openai_usage_wish.hpp"

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
    if (member.error() || !read_member(member.value_unsafe(), body)) {
      return malformed_field(field, "Must be an object");
    }
  }
  return {};
}

// Of two members with the same name most parsers take the last. Every text is taken, because to
// pass over one that a second colon follows would lose count of the brackets.
bool openai_usage_wish::read_member(simdjson::ondemand::field& member, std::string_view body) {
  std::string_view name;
  json_type type{};
  auto& value = member.value();
  if (member.unescaped_key().get(name) || value.type().get(type)) return false;
  simdjson::ondemand::raw_json_string text;
  if (type == json_type::string && value.get_raw_json_string().get(text)) return false;
  if (name != "include_usage") return true;
  wish_.reset();
  const std::size_t offset = offset_in(body, value.raw_json_token());
  bool flag = false, is_null = false;
  if (type == json_type::boolean) {
    if (value.get_bool().get(flag)) return false;
    if (!flag) wish_ = {offset, 5, "true"};
  } else if (type == json_type::null) {
    if (value.is_null().get(is_null) || !is_null) return false;
    wish_ = {offset, 4, "true"};
  }
  return true;
}

std::optional<body_insertion> openai_usage_wish::insertion(std::string_view body) const {
  if (given_) return wish_;
  return body_insertion{body.find('{') + 1, 0, "\"stream_options\":{\"include_usage\":true},"};
}

}  // namespace baton::relay
