// Lists and maps as the JSON text of a column.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace baton::storage {

using text_list = std::vector<std::string>;
using text_map = std::map<std::string, std::string, std::less<>>;
using number_map = std::map<std::string, std::int64_t, std::less<>>;

// Errors: invalid_argument when a text is not UTF-8, which JSON cannot carry.
result<std::string> to_json(const text_list& list);
result<std::string> to_json(const text_map& map);
result<std::string> to_json(const number_map& map);

// Names to filter by, for SQLite's json_each. Errors: invalid_argument also for one with a NUL,
// where SQLite ends a text that comes out of JSON, and would find what nobody asked for.
result<std::string> filter_json(const text_list& names);

bool is_json_object(std::string_view text);

// Errors: storage_failed when `json` is not what to_json writes.
result<text_list> list_from_json(std::string_view json);
result<text_map> map_from_json(std::string_view json);
result<number_map> numbers_from_json(std::string_view json);

}  // namespace baton::storage
