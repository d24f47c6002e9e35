// Which session a request to the Gemini API or to Code Assist belongs to.
#pragma once

#include <string_view>

#include "relay/request_facts.hpp"
#include "relay/session_key.hpp"

namespace baton::relay {

// The first of these that is there:
//
//   session_id, which Code Assist's clients send             named
//   systemInstruction and the first of `contents`, as they stand in the body, 64 KiB of them
//
// Clients repeat both unchanged from turn to turn. See api::session().
session_facts gemini_session(const request_facts& facts, std::string_view scope);

}  // namespace baton::relay
