#include "relay/platforms/gemini_inspection.hpp"

#include <algorithm>

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

// Protocol buffers read whole numbers out of strings, too.
std::uint64_t count_in(value& setting) {
  double number = 0;
  if (setting.get_double().get(number) && setting.get_double_in_string().get(number)) return 0;
  if (!(number > 0)) return 0;
  constexpr auto count_max = body_inspection::count_max;
  return number < static_cast<double>(count_max) ? static_cast<std::uint64_t>(number) : count_max;
}

}  // namespace

result<void> gemini_inspection::inspect() {
  if (auto walked = run(); !walked) return walked;
  const bool wraps = has(whole_request) || has(whole_request_snake);
  const bool needed = op_ == operation::generate || (op_ == operation::count_tokens && !wraps);
  if (needed && !has(contents)) return malformed_field("contents", "Field required");
  facts_.messages = text(contents);
  facts_.system = has(system) ? text(system) : text(system_snake);
  facts_.session_name = text(session_id);
  return {};
}

result<void> gemini_inspection::read(std::size_t which, value value) {
  return which == contents ? read_contents(value) : read_config(fields[which].name, value);
}

// Google takes a single content where a list of them belongs.
result<void> gemini_inspection::read_contents(value value) const {
  json_type type{};
  if (value.type().get(type) || (type != json_type::array && type != json_type::object)) {
    return malformed_field("contents", "Must be an array");
  }
  const bool must_have_some = op_ == operation::generate && type == json_type::array;
  return must_have_some ? check_array("contents", "content", value) : result<void>();
}

// If it is there several times, the largest counts.
result<void> gemini_inspection::read_config(std::string_view name, value value) {
  json_type type{};
  if (const auto failed = value.type().get(type)) return malformed_json(failed);
  if (type == json_type::null) return {};
  simdjson::ondemand::object config;
  if (value.get_object().get(config)) return malformed_field(name, "Must be an object");
  for (auto entry : config) {
    std::string_view key;
    simdjson::ondemand::value setting;
    if (const auto failed = entry.unescaped_key().get(key)) return malformed_json(failed);
    if (const auto failed = entry.value().get(setting)) return malformed_json(failed);
    if (auto stepped = check_unread(setting); !stepped) return stepped;
    if (key != "maxOutputTokens" && key != "max_output_tokens") continue;
    facts_.max_output_tokens = std::max(facts_.max_output_tokens, count_in(setting));
  }
  return {};
}

}  // namespace baton::relay
