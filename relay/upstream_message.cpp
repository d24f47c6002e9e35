#include "relay/upstream_message.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "relay/platforms/json_text.hpp"

namespace baton::relay {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t message_bytes_max = 300;
constexpr std::string_view mask = "****";

// {"error": {"message": …}}, {"error": "…"}, {"message": …}, or the first of an array of these.
std::string message_in(const ordered_json& body) {
  const ordered_json* at = &body;
  if (at->is_array() && !at->empty()) at = &at->front();
  for (const auto* name : {"error", "message"}) {
    if (!at->is_object()) break;
    const auto member = at->find(name);
    if (member != at->end() && !member->is_null()) at = &*member;
  }
  return at->is_string() ? at->get<std::string>() : std::string();
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

void shorten(std::string& text) {
  if (text.size() <= message_bytes_max) return;
  auto end = message_bytes_max;
  while (end > 0 && is_continuation(text[end])) --end;
  text.resize(end);
  text += "…";
}

}  // namespace

std::string upstream_message(std::string_view body) {
  auto text = message_in(ordered_json::parse(body, nullptr, false));
  if (text.empty()) text = body;
  shorten(text);
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  // Through JSON, which replaces what is no UTF-8.
  return ordered_json::parse(dump_json(text)).get<std::string>();
}

std::string without_secrets(std::string text, const account& config) {
  const auto& [api_key, session_token, secret_access_key] = config.credential;
  for (const auto* secret :
       {&api_key, &session_token, &secret_access_key, &config.proxy.password}) {
    if (secret->empty()) continue;
    for (auto at = text.find(*secret); at != text.npos; at = text.find(*secret, at + mask.size())) {
      text.replace(at, secret->size(), mask);
    }
  }
  return text;
}

}  // namespace baton::relay
