// Names that clients give their sessions.
#pragma once

#include <string_view>

namespace baton::relay {

// Neither empty nor longer than ids are, which are mostly UUIDs.
bool is_session_name(std::string_view name);

// What is between a JSON string's quotes; empty if it is no string. Escapes are left: a client
// writes the same text the same way each time.
std::string_view unquoted(std::string_view raw);

}  // namespace baton::relay
