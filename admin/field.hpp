// Fields of what operators keep: for each kind (key, account, group) one table of them, which reads
// it from JSON, shows it, compares two of it, and describes it in the OpenAPI document.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "admin/field_error.hpp"
#include "admin/value_kind.hpp"
#include "base/error.hpp"

namespace baton::admin {

// A create must have the required fields. An update changes what is sent and leaves the rest, so it
// may be what a GET gave, with some of it changed.
enum class read_mode : std::uint8_t { create, update };

template <class T>
struct field {
  std::string name;
  std::string about;  // for people
  nlohmann::ordered_json schema;
  // Errors: as those of value_kind. Null: the field is read-only.
  std::function<result<void>(T& target, const nlohmann::json& value, const std::string& path)> read;
  // Null: the field is write-only.
  std::function<nlohmann::ordered_json(const T& from)> show;
  // Compares what show() does not tell, a secret. Null: there is nothing of the kind.
  std::function<bool(const T& a, const T& b)> same;
  // Whether such a T has the field at all. Null: each has.
  std::function<bool(const T& of)> belongs;
  bool required = false;

  bool is_open(const T& of) const { return read && (!belongs || belongs(of)); }
};

template <class T>
using field_table = std::vector<field<T>>;

// Reads the members of `object` into `target`. Fields that cannot be written, or do not belong to
// such a T, may be sent with the value they have. Errors: invalid_argument naming the field, also
// where there is no such field; `target` may be half changed then. `inside` goes before the names:
// "proxy.".
template <class T>
result<void> read_fields(const field_table<T>& fields, const nlohmann::json& object, T& target,
                         read_mode mode, const std::string& inside = {});

template <class T>
nlohmann::ordered_json show_fields(const field_table<T>& fields, const T& from);

// Whether every field that can be written has a value that could be: for what was put together by
// other means than JSON. Errors: invalid_argument naming the field.
template <class T>
result<void> check_fields(const field_table<T>& fields, const T& target);

// {"priority": [50, 10], "apiKey": ["****", "****"]}: what an audit entry tells of an edit.
template <class T>
nlohmann::ordered_json changes_between(const field_table<T>& fields, const T& before,
                                       const T& after);

// Schemas of the whole object: of what makes one, of what changes one, and of how it is shown.
template <class T>
nlohmann::ordered_json schema_of(const field_table<T>& fields);
template <class T>
nlohmann::ordered_json change_schema_of(const field_table<T>& fields);
template <class T>
nlohmann::ordered_json shown_schema_of(field_table<T> fields);

// Makers. `access` is a pointer to a member or a function that gives the member, of a const T and
// of another.
template <class T, class Access, class V>
field<T> writable(std::string name, std::string about, Access access, value_kind<V> kind);
template <class T, class Access, class V>
field<T> read_only(std::string name, std::string about, Access access, value_kind<V> kind);
// Text that is never shown. Null or "" removes it.
template <class T, class Access>
field<T> secret(std::string name, std::string about, Access access);

template <class T>
field<T> required(field<T> of) {
  of.required = true;
  return of;
}

// What does not depend on T.
result<void> check_names(const nlohmann::json& object, const std::string& inside,
                         const std::vector<std::string_view>& names);
error closed_field(const std::string& path, bool read_only);
result<std::string> read_secret(const nlohmann::json& value, const std::string& path);
nlohmann::ordered_json secret_schema();
nlohmann::ordered_json described(nlohmann::ordered_json schema, const std::string& about,
                                 bool readable, bool writable);

template <class T>
result<void> read_fields(const field_table<T>& fields, const nlohmann::json& object, T& target,
                         read_mode mode, const std::string& inside) {
  std::vector<std::string_view> names;
  for (const auto& each : fields) names.emplace_back(each.name);
  if (auto known = check_names(object, inside, names); !known) return known;
  const T before = target;
  for (const auto& each : fields) {
    const auto path = inside + each.name;
    const auto sent = object.find(each.name);
    if (sent == object.end()) {
      if (mode == read_mode::create && each.required) return field_error(path, "is required");
      continue;
    }
    if (each.is_open(before)) {
      if (auto done = each.read(target, *sent, path); !done) return done;
    } else if (!each.show || nlohmann::json(each.show(before)) != *sent) {
      return closed_field(path, !each.read);
    }
  }
  return {};
}

template <class T>
nlohmann::ordered_json show_fields(const field_table<T>& fields, const T& from) {
  auto shown = nlohmann::ordered_json::object();
  for (const auto& each : fields) {
    if (each.show) shown[each.name] = each.show(from);
  }
  return shown;
}

template <class T>
result<void> check_fields(const field_table<T>& fields, const T& target) {
  T copy = target;
  for (const auto& each : fields) {
    if (!each.show || !each.is_open(target)) continue;
    auto done = each.read(copy, nlohmann::json(each.show(target)), each.name);
    if (!done) return done;
  }
  return {};
}

template <class T>
nlohmann::ordered_json changes_between(const field_table<T>& fields, const T& before,
                                       const T& after) {
  auto changes = nlohmann::ordered_json::object();
  for (const auto& each : fields) {
    if (!each.read) continue;
    if (each.show && each.show(before) != each.show(after)) {
      changes[each.name] = nlohmann::ordered_json::array({each.show(before), each.show(after)});
    } else if (each.same && !each.same(before, after)) {
      changes[each.name] = {"****", "****"};
    }
  }
  return changes;
}

template <class T>
nlohmann::ordered_json schema_of(const field_table<T>& fields) {
  auto properties = nlohmann::ordered_json::object();
  auto needed = nlohmann::ordered_json::array();
  for (const auto& each : fields) {
    properties[each.name] = described(each.schema, each.about, bool(each.show), bool(each.read));
    if (each.required) needed.push_back(each.name);
  }
  nlohmann::ordered_json schema = {{"type", "object"}, {"properties", std::move(properties)}};
  if (!needed.empty()) schema["required"] = std::move(needed);
  schema["additionalProperties"] = false;
  return schema;
}

template <class T>
nlohmann::ordered_json change_schema_of(const field_table<T>& fields) {
  auto schema = schema_of(fields);
  schema.erase("required");
  return schema;
}

template <class T>
nlohmann::ordered_json shown_schema_of(field_table<T> fields) {
  std::erase_if(fields, [](const field<T>& each) { return !each.show; });
  for (auto& each : fields) each.required = true;
  return schema_of(fields);
}

template <class T, class Access, class V>
field<T> writable(std::string name, std::string about, Access access, value_kind<V> kind) {
  auto made = read_only<T>(std::move(name), std::move(about), access, kind);
  made.read = [access, read = std::move(kind.read)](T& target, const nlohmann::json& value,
                                                    const std::string& path) -> result<void> {
    auto got = read(value, path);
    if (!got) return got.error();
    std::invoke(access, target) = *std::move(got);
    return {};
  };
  return made;
}

template <class T, class Access, class V>
field<T> read_only(std::string name, std::string about, Access access, value_kind<V> kind) {
  field<T> made;
  made.name = std::move(name);
  made.about = std::move(about);
  made.schema = std::move(kind.schema);
  made.show = [access, show = std::move(kind.show)](const T& from) {
    return show(std::invoke(access, from));
  };
  return made;
}

template <class T, class Access>
field<T> secret(std::string name, std::string about, Access access) {
  field<T> made;
  made.name = std::move(name);
  made.about = std::move(about);
  made.schema = secret_schema();
  made.read = [access](T& target, const nlohmann::json& value,
                       const std::string& path) -> result<void> {
    auto text = read_secret(value, path);
    if (!text) return text.error();
    std::invoke(access, target) = *std::move(text);
    return {};
  };
  made.same = [access](const T& a, const T& b) {
    return std::invoke(access, a) == std::invoke(access, b);
  };
  return made;
}

}  // namespace baton::admin
