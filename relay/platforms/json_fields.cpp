#include "relay/platforms/json_fields.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

constexpr std::uint64_t count_max = std::uint64_t{1} << 53;  // beyond it JSON numbers lose digits
constexpr std::size_t text_bytes_max = 256;                  // no model, id or type is longer

}  // namespace

std::optional<std::int64_t> read_token_count(value& field) {
  std::uint64_t count = 0;
  if (field.get_uint64().get(count) || count > count_max) return std::nullopt;
  return static_cast<std::int64_t>(count);
}

void read_short_text(value& field, std::string& into) {
  std::string_view text;
  if (!field.get_string().get(text) && text.size() <= text_bytes_max) into = text;
}

bool is_json_type(value& field, json_type wanted) {
  json_type type{};
  return !field.type().get(type) && type == wanted;
}

bool is_text(value& field) {
  return is_json_type(field, json_type::string) && !field.raw_json_token().starts_with("\"\"");
}

}  // namespace baton::relay
