// The kinds of values that fields have: how one is read from JSON, shown, and described. They are
// put together: list_of(line(1, 50), 64).
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "admin/field_error.hpp"
#include "base/error.hpp"
#include "base/time.hpp"

namespace baton::admin {

template <class V>
struct value_kind {
  nlohmann::ordered_json schema;  // JSON Schema, as of OpenAPI 3.1
  // Errors: invalid_argument naming `path`, which may be one within it. What was sent is not
  // repeated: it may be a secret at the wrong place.
  std::function<result<V>(const nlohmann::json& value, const std::string& path)> read;
  std::function<nlohmann::ordered_json(const V& value)> show;
};

using text_list = std::vector<std::string>;
template <class V>
using map_by_name = std::map<std::string, V, std::less<>>;

// Text of so many characters. A line has no control characters, and no spaces at its ends: those
// are dropped.
value_kind<std::string> text(std::size_t min, std::size_t max);
value_kind<std::string> line(std::size_t min, std::size_t max);
value_kind<std::string> one_of(std::vector<std::string> allowed);
value_kind<bool> boolean();
value_kind<wall_time> point_in_time();
// Dollars as a number with up to nine decimals, in nano-USD. `max_usd` is at most a million: up to
// there a number of JSON is exact.
value_kind<std::uint64_t> usd(std::uint32_t max_usd);

// What whole_number() does for every type. Errors: invalid_argument.
result<std::int64_t> read_whole_number(const nlohmann::json& value, const std::string& path,
                                       std::int64_t min, std::int64_t max);
nlohmann::ordered_json whole_number_schema(std::int64_t min, std::int64_t max);

template <std::integral N>
value_kind<N> whole_number(N min, N max);

// Null stands for nothing.
template <class V>
value_kind<std::optional<V>> or_null(value_kind<V> kind);

template <class V>
value_kind<std::vector<V>> list_of(value_kind<V> element, std::size_t max);

// An object whose members are all of one kind, with names of another.
template <class V>
value_kind<map_by_name<V>> map_of(value_kind<std::string> name, value_kind<V> element,
                                  std::size_t max);

// The same JSON, kept as another type.
template <class V, class W, class ToValue, class FromValue>
value_kind<V> kept_as(value_kind<W> kind, ToValue to_value, FromValue from_value);

// A named_type of base/ids.hpp, and a number of some unit of std::chrono.
template <class Id>
value_kind<Id> id_of();
template <class Duration>
value_kind<Duration> duration_of(std::int64_t min, std::int64_t max);

template <std::integral N>
value_kind<N> whole_number(N min, N max) {
  const auto low = static_cast<std::int64_t>(min);
  const auto high = static_cast<std::int64_t>(max);
  return {whole_number_schema(low, high),
          [low, high](const nlohmann::json& value, const std::string& path) -> result<N> {
            const auto number = read_whole_number(value, path, low, high);
            if (!number) return number.error();
            return static_cast<N>(*number);
          },
          [](const N& value) { return nlohmann::ordered_json(value); }};
}

template <class V>
value_kind<std::optional<V>> or_null(value_kind<V> kind) {
  auto schema = kind.schema;
  schema["type"] = {kind.schema.at("type"), "null"};
  return {std::move(schema),
          [read = kind.read](const nlohmann::json& value,
                             const std::string& path) -> result<std::optional<V>> {
            if (value.is_null()) return std::optional<V>();
            auto got = read(value, path);
            if (!got) return got.error();
            return std::optional<V>(*std::move(got));
          },
          [show = kind.show](const std::optional<V>& value) {
            return value ? show(*value) : nlohmann::ordered_json(nullptr);
          }};
}

template <class V>
value_kind<std::vector<V>> list_of(value_kind<V> element, std::size_t max) {
  nlohmann::ordered_json schema = {{"type", "array"}, {"items", element.schema}, {"maxItems", max}};
  return {std::move(schema),
          [read = element.read, max](const nlohmann::json& value,
                                     const std::string& path) -> result<std::vector<V>> {
            if (!value.is_array() || value.size() > max) {
              return field_error(path,
                                 "must be a list of at most " + std::to_string(max) + " entries");
            }
            std::vector<V> list;
            for (std::size_t i = 0; i < value.size(); ++i) {
              auto got = read(value[i], path + '[' + std::to_string(i) + ']');
              if (!got) return got.error();
              list.push_back(*std::move(got));
            }
            return list;
          },
          [show = element.show](const std::vector<V>& list) {
            auto shown = nlohmann::ordered_json::array();
            for (const auto& each : list) shown.push_back(show(each));
            return shown;
          }};
}

template <class V>
value_kind<map_by_name<V>> map_of(value_kind<std::string> name, value_kind<V> element,
                                  std::size_t max) {
  nlohmann::ordered_json schema = {{"type", "object"},
                                   {"propertyNames", name.schema},
                                   {"additionalProperties", element.schema},
                                   {"maxProperties", max}};
  return {std::move(schema),
          [read_name = name.read, read = element.read, max](
              const nlohmann::json& value, const std::string& path) -> result<map_by_name<V>> {
            if (!value.is_object() || value.size() > max) {
              return field_error(
                  path, "must be an object of at most " + std::to_string(max) + " members");
            }
            map_by_name<V> map;
            for (const auto& [key, member] : value.items()) {
              const auto inner = path + '.' + key;
              auto known = read_name(key, inner);
              if (!known) return known.error();
              auto got = read(member, inner);
              if (!got) return got.error();
              map[*std::move(known)] = *std::move(got);
            }
            return map;
          },
          [show = element.show](const map_by_name<V>& map) {
            auto shown = nlohmann::ordered_json::object();
            for (const auto& [key, member] : map) shown[key] = show(member);
            return shown;
          }};
}

template <class V, class W, class ToValue, class FromValue>
value_kind<V> kept_as(value_kind<W> kind, ToValue to_value, FromValue from_value) {
  return {std::move(kind.schema),
          [read = std::move(kind.read), to_value](const nlohmann::json& value,
                                                  const std::string& path) -> result<V> {
            auto got = read(value, path);
            if (!got) return got.error();
            return to_value(*std::move(got));
          },
          [show = std::move(kind.show), from_value](const V& value) {
            return show(from_value(value));
          }};
}

template <class Id>
value_kind<Id> id_of() {
  return kept_as<Id>(
      line(1, 100), [](std::string id) { return Id(std::move(id)); },
      [](const Id& id) { return id.value(); });
}

template <class Duration>
value_kind<Duration> duration_of(std::int64_t min, std::int64_t max) {
  return kept_as<Duration>(
      whole_number(min, max), [](std::int64_t count) { return Duration(count); },
      [](const Duration& value) { return static_cast<std::int64_t>(value.count()); });
}

}  // namespace baton::admin
