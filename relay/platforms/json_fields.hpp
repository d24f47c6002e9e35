// Reads fields of foreign JSON leniently: what is not as it should be is as good as not there, and
// does not disturb its neighbours.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baton::relay {

// A count of tokens; nothing if it is none (negative, a fraction, above 2^53, text, null).
std::optional<std::int64_t> read_token_count(simdjson::ondemand::value& field);

// The text of a string of at most 256 bytes: names, ids and types. `into` stays as it is otherwise.
void read_short_text(simdjson::ondemand::value& field, std::string& into);

bool is_json_type(simdjson::ondemand::value& field, simdjson::ondemand::json_type wanted);
// A string with something in it.
bool is_text(simdjson::ondemand::value& field);

// Calls `read(name, value)` for each field. False if the object is broken or is none; then nothing
// more can be read from the document.
template <class Read>
bool for_each_field(simdjson::simdjson_result<simdjson::ondemand::object> fields, Read read) {
  if (fields.error()) return false;
  for (auto field : fields.value_unsafe()) {
    std::string_view name;
    simdjson::ondemand::value content;
    if (field.unescaped_key().get(name) || field.value().get(content)) return false;
    read(name, content);
  }
  return true;
}

// The same for a field's value; does nothing where that is no object.
template <class Read>
void for_each_field_in(simdjson::ondemand::value& field, Read read) {
  if (is_json_type(field, simdjson::ondemand::json_type::object)) {
    for_each_field(field.get_object(), read);
  }
}

// Calls `read(value)` for each element; does nothing where the value is no array.
template <class Read>
void for_each_element_in(simdjson::ondemand::value& field, Read read) {
  simdjson::ondemand::array elements;
  if (!is_json_type(field, simdjson::ondemand::json_type::array) ||
      field.get_array().get(elements)) {
    return;
  }
  for (auto element : elements) {
    simdjson::ondemand::value content;
    if (element.get(content)) return;
    read(content);
  }
}

}  // namespace baton::relay
