// The record an operator means by an id, a name or the start of an id.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace baton::storage {

// Shorter starts of an id are more likely a mistyped name.
constexpr std::size_t id_start_min = 4;

// Conditions to try in this order, each with the searched text as ?1. The last may give several.
struct find_conditions {
  std::string_view id, name, id_start;
};

// `select(condition)` gives a result<std::vector<T>>. Errors: not_found; conflict when several ids
// start with `text`. They do not repeat `text`, which may be a key pasted by mistake.
template <class T, class Select>
result<T> find_one(const char* what, std::string_view text, const find_conditions& conditions,
                   Select&& select) {
  for (const auto condition : {conditions.id, conditions.name, conditions.id_start}) {
    if (condition == conditions.id_start && text.size() < id_start_min) break;
    result<std::vector<T>> found = select(condition);
    if (!found) return found.error();
    if (found->size() == 1) return std::move(found->front());
    if (found->size() > 1) {
      return downstream_error(error_code::conflict, "more than one " + std::string(what) +
                                                        " has an id that starts with this");
    }
  }
  return downstream_error(error_code::not_found,
                          "no " + std::string(what) + " has this id or name");
}

}  // namespace baton::storage
