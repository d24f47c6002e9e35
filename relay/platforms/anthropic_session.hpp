// Which session a request to the Anthropic Messages API belongs to.
#pragma once

#include <string_view>

#include "relay/request_facts.hpp"
#include "relay/session_key.hpp"

namespace baton::relay {

// The first of these that is there:
//
//   the header x-claude-code-session-id (`named_session`)                        named
//   metadata.user_id, as Claude Code writes it (the same id as in the header)    named
//   prompt_cache_key                                                             named
//   what the conversation begins with (anthropic_session_content.hpp)
//
// A named session costs the same for any body. See api::session().
session_facts anthropic_session(const request_facts& facts, std::string_view named_session,
                                std::string_view scope);

}  // namespace baton::relay
