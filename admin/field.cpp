#include "admin/field.hpp"

#include <algorithm>

#include "base/nearest_name.hpp"

namespace baton::admin {

result<void> check_names(const nlohmann::json& object, const std::string& inside,
                         const std::vector<std::string_view>& names) {
  for (const auto& [name, value] : object.items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto near = nearest_name(name, names);
    std::string what = "is not known";
    if (!near.empty()) what += "; did you mean " + inside + std::string(near) + "?";
    return field_error(inside + name, what);
  }
  return {};
}

error closed_field(const std::string& path, bool read_only) {
  return field_error(path, read_only ? "cannot be changed" : "is not for this platform");
}

result<std::string> read_secret(const nlohmann::json& value, const std::string& path) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return value.get<std::string>();
  return field_error(path, "must be a text, or null to remove it");
}

nlohmann::ordered_json secret_schema() {
  return {{"type", {"string", "null"}}, {"format", "password"}};
}

nlohmann::ordered_json described(nlohmann::ordered_json schema, const std::string& about,
                                 bool readable, bool writable) {
  schema["description"] = about;
  if (!writable) schema["readOnly"] = true;
  if (!readable) schema["writeOnly"] = true;
  return schema;
}

}  // namespace baton::admin
