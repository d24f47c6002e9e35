#include "net/connection_options.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace baton::net {
namespace {

bool is_connection(const header_field& field) {
  return text::iequals(field.name, "connection");
}

bool has_element(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    if (text::iequals(text::trim(list.substr(0, end)), wanted)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace

connection_options::connection_options(const header_fields& fields) : fields_(fields) {
  for (const auto& field : fields) {
    if (!is_connection(field)) continue;
    names_fields_ |=
        !text::iequals(field.value, "keep-alive") && !text::iequals(field.value, "close");
  }
}

bool connection_options::is_listed(std::string_view field_name) const {
  return std::any_of(fields_.begin(), fields_.end(), [field_name](const header_field& field) {
    return is_connection(field) && has_element(field.value, field_name);
  });
}

}  // namespace baton::net
