#include "storage/json_text.hpp"

#include <nlohmann/json.hpp>

namespace baton::storage {
namespace {

using nlohmann::json;

result<std::string> dumped(const json& value) {
  try {
    return value.dump();
  } catch (const json::type_error&) {
    return downstream_error(error_code::invalid_argument, "a text in a list is not UTF-8");
  }
}

error damaged() {
  return internal_error(error_code::storage_failed, "a list in the database is damaged");
}

}  // namespace

result<std::string> to_json(const text_list& list) {
  return dumped(json(list));
}

result<std::string> to_json(const text_map& map) {
  return dumped(json(map));
}

result<std::string> to_json(const number_map& map) {
  return dumped(json(map));
}

result<std::string> filter_json(const text_list& names) {
  for (const auto& name : names) {
    if (name.find('\0') == name.npos) continue;
    return downstream_error(error_code::invalid_argument, "A name to filter by has a NUL in it.");
  }
  return to_json(names);
}

bool is_json_object(std::string_view text) {
  return json::parse(text, nullptr, false).is_object();
}

result<text_list> list_from_json(std::string_view text) {
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_array()) return damaged();
  text_list list;
  for (const auto& item : parsed) {
    if (!item.is_string()) return damaged();
    list.push_back(item.get<std::string>());
  }
  return list;
}

result<text_map> map_from_json(std::string_view text) {
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object()) return damaged();
  text_map map;
  for (const auto& [name, value] : parsed.items()) {
    if (!value.is_string()) return damaged();
    map.emplace(name, value.get<std::string>());
  }
  return map;
}

result<number_map> numbers_from_json(std::string_view text) {
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object()) return damaged();
  number_map map;
  for (const auto& [name, value] : parsed.items()) {
    if (!value.is_number_integer()) return damaged();
    map.emplace(name, value.get<std::int64_t>());
  }
  return map;
}

}  // namespace baton::storage
