#include "relay/bundled_prices.hpp"

#include <algorithm>

#include "relay/price_file.hpp"

namespace baton::relay {

std::string bundled_prices() {
  std::string json("{");
  json += claude_prices();
  json += ',';
  json += openai_prices();
  json += ',';
  json += gemini_prices();
  json += '}';
  return json;
}

std::string bundled_version() {
  constexpr std::string_view field = "\"as_of\": \"";
  constexpr std::size_t day_bytes = 10;
  const auto json = bundled_prices();
  std::string newest;
  for (auto at = json.find(field); at != json.npos; at = json.find(field, at + 1)) {
    newest = std::max(newest, json.substr(at + field.size(), day_bytes));
  }
  return "bundled-" + newest;
}

result<price_table> bundled_price_table(std::chrono::sys_days on) {
  return parse_price_table(bundled_prices(), on, bundled_version());
}

}  // namespace baton::relay
