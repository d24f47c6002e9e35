#include "relay/platforms/json_text.hpp"

#include <nlohmann/json.hpp>

namespace baton::relay {

std::string dump_json(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void append_details(nlohmann::ordered_json& body, const error& failure) {
  if (!failure.details) return;
  for (const auto& [name, value] : failure.details->members) {
    body[name] = nlohmann::ordered_json::parse(value, nullptr, false);
  }
}

}  // namespace baton::relay
