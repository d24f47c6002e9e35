// The beginning of a conversation, which stays the same from turn to turn: it stands for a session
// that has no name.
#pragma once

#include <string>
#include <string_view>

namespace baton::relay {

// Baton's v1 hashes the same text, so that both see the same sessions:
//
//   1. the texts of all system blocks that are marked for the cache (cache_control: ephemeral), and
//      behind them, if any message is marked, the text of the first message that has text
//   2. all of the system's text
//   3. the text of the first message
//
// The first that is not empty; empty if all are, or if something is not as the API wants it.
// `system` and `messages` are JSON values in a padded body, either may be empty.
std::string anthropic_session_content(std::string_view system, std::string_view messages);

}  // namespace baton::relay
