// Fields of v1's bodies that Baton has no use for.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "base/error.hpp"

namespace baton::admin::v1 {

struct unused_field {
  // What is dropped without a word: any text or switch that only decorates, or makes no difference
  // here. Of a field whose effect somebody would miss, only values that ask for nothing are.
  enum class what : std::uint8_t { any_text, any_flag, nothing };

  std::string_view name;
  what dropped = what::nothing;
  std::string_view refusal = {};  // of a value that asks for something
  std::string_view usual = {};    // a text that asks for nothing, besides null, false, 0 and empty
};

// Takes them out of `body`. Errors: invalid_argument naming the field.
result<void> drop_unused(nlohmann::json& body, std::span<const unused_field> fields);

}  // namespace baton::admin::v1
