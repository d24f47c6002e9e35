#include "admin/text_body.hpp"

#include "admin/field.hpp"

namespace baton::admin {

result<std::vector<std::string>> read_texts(const call& made,
                                            std::initializer_list<text_member> members) {
  const auto body = body_of(made);
  if (!body) return body.error();
  std::vector<std::string_view> names;
  for (const auto& each : members) names.push_back(each.name);
  if (auto known = check_names(*body, {}, names); !known) return known.error();
  std::vector<std::string> texts;
  for (const auto& each : members) {
    const auto sent = body->find(each.name);
    if (sent == body->end() || sent->is_null()) {
      if (each.required) return field_error(each.name, "is required");
      texts.emplace_back();
    } else if (sent->is_string()) {
      texts.push_back(sent->get<std::string>());
    } else {
      return field_error(each.name, "must be a text");
    }
  }
  return texts;
}

}  // namespace baton::admin
