#include "relay/bundled_prices.hpp"

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

}  // namespace baton::relay
