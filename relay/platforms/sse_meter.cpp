#include "relay/platforms/sse_meter.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "relay/platforms/json_parser.hpp"

namespace baton::relay {
namespace {

bool is_filler(std::string_view event_name, std::string_view text) {
  return text == "[DONE]" || (text.empty() && event_name.empty());
}

bool take_literal(std::string_view& text, std::string_view literal) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (!text.starts_with(literal)) return false;
  text.remove_prefix(literal.size());
  return true;
}

}  // namespace

void sse_meter::withhold_event() {
  withheld_.push_back({scanner_.event_end(), scanner_.this_event_end()});
}

void sse_meter::on_event(std::string_view event_name, std::string_view padded_data) {
  if (malformed_) return;
  const auto text = text::trim(padded_data);
  if (is_filler(event_name, text)) return on_filler(event_name, text);
  if (!is_json_object(padded_data)) {
    malformed_ = true;
    bytes_before_fault_ = scanner_.event_end();
    return;
  }
  has_begun_ = true;
  on_json(event_name, padded_data);
}

void sse_meter::on_long_event(std::string_view event_name, std::string_view beginning,
                              std::string_view end) {
  if (malformed_) return;
  has_begun_ = true;
  const bool is_error = event_name == "error";
  on_long_json(is_error ? event_name : leading_type(beginning).value_or(event_name), end);
}

std::optional<std::string_view> leading_type(std::string_view data) {
  if (!take_literal(data, "{") || !take_literal(data, "\"type\"") || !take_literal(data, ":") ||
      !take_literal(data, "\"")) {
    return std::nullopt;
  }
  return data.substr(0, data.find('"'));
}

}  // namespace baton::relay
