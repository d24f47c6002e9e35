#include "storage/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

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

// A list of names without anything to escape, which most lists are; nothing if `text` is not one.
// Parsing them took almost half of the time that a directory with thousands of keys takes to load.
std::optional<text_list> plain_names(std::string_view text) {
  constexpr std::string_view begin = "[\"", between = "\",\"", end = "\"]";
  if (text == "[]") return text_list();
  if (text.size() < begin.size() + end.size()) return std::nullopt;
  if (!text.starts_with(begin) || !text.ends_with(end)) return std::nullopt;
  text = text.substr(begin.size(), text.size() - begin.size() - end.size());
  const auto plain = [](char c) { return c >= ' ' && c < '\x7f' && c != '\\'; };
  if (!std::all_of(text.begin(), text.end(), plain)) return std::nullopt;
  text_list names;
  for (;;) {
    const auto quote = std::min(text.find('"'), text.size());
    names.emplace_back(text.substr(0, quote));
    text.remove_prefix(quote);
    if (text.empty()) return names;
    if (!text.starts_with(between)) return std::nullopt;
    text.remove_prefix(between.size());
  }
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
  if (auto names = plain_names(text)) return std::move(*names);
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
  if (text == "{}") return text_map();
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
  if (text == "{}") return number_map();
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
