#include "relay/platforms/openai_session.hpp"

#include "relay/platforms/json_skimmer.hpp"
#include "relay/platforms/session_name.hpp"

namespace baton::relay {
namespace {

// Of the instructions, and of the messages: what distinguishes conversations is near the beginning,
// and hashing takes time.
constexpr std::size_t part_bytes_max = 32 * 1024;

std::string_view named_by_header(const header_source& headers) {
  for (const std::string_view name :
       {"session-id", "session_id", "x-session-id", "conversation_id"}) {
    if (const auto value = headers.find(name); is_session_name(value)) return value;
  }
  return {};
}

bool skim_is_by_user(json_skimmer& json) {
  bool by_user = false;
  const std::size_t left = json.left();
  json.each_member([&](std::string_view name) {
    if (name == "role") by_user = json.string() == "user";
  });
  if (json.left() == left) json.skip_value();
  return by_user;
}

// The beginning of a list of messages, up to where the user has spoken, but two of them at most.
std::string_view opening_of(std::string_view messages) {
  const std::string_view beginning = messages.substr(0, part_bytes_max);
  if (beginning.starts_with('"')) return beginning;
  json_skimmer json(beginning);
  std::size_t end = 0, seen = 0;
  bool by_user = false;
  json.each_element([&] {
    if (by_user || seen == 2) return json.stop();
    by_user = skim_is_by_user(json);
    end = beginning.size() - json.left();
    ++seen;
  });
  return beginning.substr(0, end);
}

session_facts named_session(std::string_view kind, std::string_view name, std::string_view scope) {
  session_facts session;
  session.key = make_session_key(scope, kind, name);
  session.named = true;
  return session;
}

}  // namespace

session_facts kept_answer_session(std::string_view answer_id, std::string_view scope) {
  session_facts session;
  session.key = stored_answer_key(scope, answer_id);
  session.anyones = stored_answer_key({}, answer_id);
  session.named = true;
  session.bound = true;
  return session;
}

session_facts openai_session(const client_request& request, const request_facts& facts,
                             std::string_view scope) {
  if (const auto id = unquoted(facts.previous); is_session_name(id)) {
    return kept_answer_session(id, scope);
  }
  if (const auto name = named_by_header(request.headers); !name.empty()) {
    return named_session("session:", name, scope);
  }
  if (const auto name = unquoted(facts.session_name); is_session_name(name)) {
    return named_session("prompt_cache_key:", name, scope);
  }
  const std::string_view instructions = unquoted(facts.system),
                         opening = opening_of(facts.messages);
  if (instructions.empty() && opening.empty()) return {};
  constexpr std::string_view separator("\0", 1);
  session_facts session;
  session.key = make_session_key(
      scope, "content:", {instructions.substr(0, part_bytes_max), separator, opening});
  return session;
}

}  // namespace baton::relay
