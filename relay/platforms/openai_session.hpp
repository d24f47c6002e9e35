// Which session a request to OpenAI's APIs belongs to.
#pragma once

#include <string_view>

#include "relay/request_facts.hpp"
#include "relay/session_key.hpp"

namespace baton::relay {

// The session of an answer that an account keeps: only that account can serve it.
session_facts kept_answer_session(std::string_view answer_id, std::string_view scope);

// The first of these that is there:
//
//   previous_response_id                                                     named, bound
//   the header session-id, session_id, x-session-id or conversation_id      named
//   prompt_cache_key                                                         named
//   what the conversation begins with: the instructions, the first message and, if that one is not
//   the user's, the second one; or an input that is a text. As bytes, since clients repeat them.
//
// See api::session().
session_facts openai_session(const client_request& request, const request_facts& facts,
                             std::string_view scope);

}  // namespace baton::relay
