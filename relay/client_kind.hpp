// Which program a client is, by what it calls itself, and which of them a key may be used by. A
// user agent proves nothing: this keeps a key to its purpose, not out of wrong hands.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "relay/api_key.hpp"

namespace baton::relay {

// As v1 names them.
inline constexpr std::array<std::string_view, 4> client_kinds = {"claude_code", "gemini_cli",
                                                                 "codex_cli", "droid_cli"};

// One of client_kinds; nothing: another program.
std::optional<std::string_view> client_kind_of(std::string_view user_agent);

// Errors: client_not_allowed, which shows the user agent as far as it can be shown.
result<void> check_client(const api_key& key, std::string_view user_agent);

}  // namespace baton::relay
