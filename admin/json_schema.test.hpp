// Holds JSON against the part of JSON Schema that the API's description uses.
#pragma once

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <utility>

namespace baton::admin {

class schema_checker {
 public:
  using json = nlohmann::json;

  // `schemas`: those with names.
  explicit schema_checker(json schemas) : schemas_(std::move(schemas)) {}

  // What is wrong with the value, beginning with where; empty: nothing is.
  std::string problem(const json& schema, const json& value, const std::string& at = "$") const {
    if (schema.contains("$ref")) return problem(referred(schema["$ref"]), value, at);
    for (const auto* choice : {"oneOf", "anyOf"}) {
      if (!schema.contains(choice)) continue;
      const auto fitting =
          std::count_if(schema[choice].begin(), schema[choice].end(),
                        [&](const json& each) { return problem(each, value, at).empty(); });
      const bool fits = fitting == 1 || (fitting > 1 && choice == std::string("anyOf"));
      if (!fits) return at + " fits " + std::to_string(fitting) + " of " + choice;
    }
    if (!has_type(schema, value)) return at + " is not of its type: " + value.dump();
    if (!is_listed(schema, value)) return at + " is not in the enum: " + value.dump();
    if (value.is_number() && !is_in_range(schema, value)) return at + " is out of range";
    if (value.is_string()) return problem_of_text(schema, value.get<std::string>(), at);
    if (value.is_array()) return problem_of_list(schema, value, at);
    if (value.is_object()) return problem_of_object(schema, value, at);
    return {};
  }

  const json& referred(const std::string& ref) const {
    return schemas_.at(ref.substr(ref.rfind('/') + 1));
  }

  // The schema and all within it, but not what it refers to.
  static void for_each(const json& schema, const std::function<void(const json&)>& see) {
    see(schema);
    for (const auto* list : {"oneOf", "anyOf", "properties"}) {
      if (!schema.contains(list)) continue;
      for (const auto& each : schema[list]) for_each(each, see);
    }
    for (const auto* one : {"items", "propertyNames", "additionalProperties"}) {
      if (schema.contains(one) && schema[one].is_object()) for_each(schema[one], see);
    }
  }

 private:
  static bool is_a(const std::string& type, const json& value) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    return type == "array" ? value.is_array() : type == "object" && value.is_object();
  }
  static bool has_type(const json& schema, const json& value) {
    if (!schema.contains("type")) return true;
    const auto& type = schema["type"];
    if (type.is_string()) return is_a(type, value);
    return std::any_of(type.begin(), type.end(),
                       [&](const json& each) { return is_a(each, value); });
  }
  static bool is_listed(const json& schema, const json& value) {
    if (!schema.contains("enum")) return true;
    return std::find(schema["enum"].begin(), schema["enum"].end(), value) != schema["enum"].end();
  }
  static bool is_in_range(const json& schema, const json& value) {
    return value >= schema.value("minimum", value) && value <= schema.value("maximum", value);
  }

  static std::string problem_of_text(const json& schema, const std::string& text,
                                     const std::string& at) {
    const auto length = std::count_if(text.begin(), text.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    });
    if (length < schema.value("minLength", length)) return at + " is too short";
    if (length > schema.value("maxLength", length)) return at + " is too long";
    static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)");
    if (schema.value("format", "") == "date-time" && !std::regex_match(text, time)) {
      return at + " is no time: " + text;
    }
    if (!std::regex_search(text, std::regex(schema.value("pattern", "")))) {
      return at + " does not match: " + text;
    }
    return {};
  }

  std::string problem_of_list(const json& schema, const json& list, const std::string& at) const {
    if (list.size() > schema.value("maxItems", list.size())) return at + " has too many entries";
    for (std::size_t i = 0; schema.contains("items") && i < list.size(); ++i) {
      auto found = problem(schema["items"], list[i], at + '[' + std::to_string(i) + ']');
      if (!found.empty()) return found;
    }
    return {};
  }

  std::string problem_of_object(const json& schema, const json& object,
                                const std::string& at) const {
    if (object.size() > schema.value("maxProperties", object.size())) return at + " is too large";
    for (const auto& name : schema.value("required", json::array())) {
      if (!object.contains(name.get<std::string>())) return at + " lacks " + name.dump();
    }
    const auto properties = schema.value("properties", json::object());
    const auto others = schema.value("additionalProperties", json(true));
    for (const auto& [name, value] : object.items()) {
      const auto inner = at + '.' + name;
      auto found = problem(schema.value("propertyNames", json::object()), name, inner);
      if (found.empty() && properties.contains(name)) {
        found = problem(properties[name], value, inner);
      } else if (found.empty() && others.is_object()) {
        found = problem(others, value, inner);
      } else if (found.empty() && others == false) {
        found = inner + " is not known";
      }
      if (!found.empty()) return found;
    }
    return {};
  }

  json schemas_;
};

}  // namespace baton::admin
