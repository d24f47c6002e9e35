#include "admin/v1/unused_fields.hpp"

#include "admin/field_error.hpp"

namespace baton::admin::v1 {
namespace {

using nlohmann::json;

bool asks_for_nothing(const json& value, std::string_view usual) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    return text.empty() || text == usual;
  }
  return value.is_null() || value == false || value == 0 ||
         (value.is_structured() && value.empty());
}

result<void> check(const unused_field& field, const json& value) {
  if (value.is_null()) return {};
  switch (field.dropped) {
    case unused_field::what::any_text:
      return value.is_string() ? result<void>() : field_error(field.name, "must be a text");
    case unused_field::what::any_flag:
      return value.is_boolean() ? result<void>() : field_error(field.name, "must be true or false");
    case unused_field::what::nothing: break;
  }
  if (asks_for_nothing(value, field.usual)) return {};
  return field_error(field.name, field.refusal);
}

}  // namespace

result<void> drop_unused(json& body, std::span<const unused_field> fields) {
  for (const auto& each : fields) {
    const auto sent = body.find(each.name);
    if (sent == body.end()) continue;
    if (auto done = check(each, *sent); !done) return done;
    body.erase(sent);
  }
  return {};
}

}  // namespace baton::admin::v1
