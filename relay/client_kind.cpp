#include "relay/client_kind.hpp"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t shown_bytes_max = 200;

// Observed beginnings of user agents, in lower case. Where the product has several programs, they
// share its beginning.
struct known_client {
  std::string_view beginning;
  std::string_view kind;
};
constexpr known_client known_clients[] = {
    {"claude-cli/", "claude_code"}, {"geminicli/", "gemini_cli"},  {"geminicli-", "gemini_cli"},
    {"codex_cli_rs", "codex_cli"},  {"codex_exec", "codex_cli"},   {"codex_vscode", "codex_cli"},
    {"codex-tui", "codex_cli"},     {"factory-cli/", "droid_cli"},
};

// Its beginning, without what would upset a terminal.
std::string shown(std::string_view user_agent) {
  std::string text(user_agent.substr(0, shown_bytes_max));
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
  return text;
}

std::string dumped(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::optional<std::string_view> client_kind_of(std::string_view user_agent) {
  for (const auto& each : known_clients) {
    if (text::iequals(user_agent.substr(0, each.beginning.size()), each.beginning)) {
      return each.kind;
    }
  }
  return std::nullopt;
}

result<void> check_client(const api_key& key, std::string_view user_agent) {
  const auto& allowed = key.allowed_clients;
  if (allowed.empty()) return {};
  const auto kind = client_kind_of(user_agent);
  if (kind && std::find(allowed.begin(), allowed.end(), *kind) != allowed.end()) return {};
  auto refused = downstream_error(error_code::client_not_allowed,
                                  "Your client is not authorized to use this API key");
  auto details = std::make_shared<error_details>();
  details->members = {{"allowedClients", dumped(allowed)},
                      {"userAgent", dumped(shown(user_agent))}};
  refused.details = std::move(details);
  return refused;
}

}  // namespace baton::relay
