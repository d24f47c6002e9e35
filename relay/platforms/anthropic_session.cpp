#include "relay/platforms/anthropic_session.hpp"

#include <algorithm>
#include <string>

#include "relay/platforms/anthropic_session_branch.hpp"
#include "relay/platforms/anthropic_session_content.hpp"
#include "relay/platforms/json_parser.hpp"
#include "relay/platforms/session_name.hpp"

namespace baton::relay {
namespace {

// Claude Code's has some 250.
constexpr std::size_t metadata_bytes_max = 4096;
// What distinguishes conversations is near their beginning, and hashing takes time.
constexpr std::size_t content_bytes_max = 64 * 1024;

// The text of a string in a small JSON object; empty if there is none.
std::string string_field(std::string_view padded_object, std::string_view name) {
  json_parser parser(padded_object.size());
  simdjson::ondemand::document document;
  if (parser.parse(padded_object, document)) return {};
  simdjson::ondemand::object object;
  if (document.get_object().get(object)) return {};
  std::string_view text;
  if (object.find_field_unordered(name).get_string().get(text)) return {};
  return std::string(text);
}

// user_<64 hex>_account_<UUID or nothing>_session_<id>: Claude Code 1 and 2.0.
std::string session_in_text(std::string_view user_id) {
  constexpr std::string_view prefix = "user_", account = "_account_", session = "_session_";
  constexpr std::size_t hash_digits = 64;
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  if (!user_id.starts_with(prefix)) return {};
  user_id.remove_prefix(prefix.size());
  if (user_id.size() < hash_digits) return {};
  const std::string_view hash = user_id.substr(0, hash_digits);
  user_id.remove_prefix(hash_digits);
  if (!std::all_of(hash.begin(), hash.end(), is_hex) || !user_id.starts_with(account)) return {};
  const std::size_t found = user_id.find(session, account.size());
  return found == std::string_view::npos ? std::string{}
                                         : std::string(user_id.substr(found + session.size()));
}

// From Claude Code 2.1 on the user's id is JSON in a string. Any other id names a user, which is no
// session.
std::string session_in_metadata(std::string_view metadata) {
  if (metadata.empty() || metadata.size() > metadata_bytes_max) return {};
  std::string user_id = string_field(metadata, "user_id");
  if (!user_id.starts_with('{')) return session_in_text(user_id);
  const std::size_t bytes = user_id.size();
  user_id.append(json_padding_bytes, ' ');
  return string_field(std::string_view(user_id).substr(0, bytes), "session_id");
}

// What a client calls the session, with the kind of name in front; empty if it does not name it.
std::string session_name(const request_facts& facts, std::string_view named_session) {
  constexpr std::string_view session = "session:";
  if (is_session_name(named_session)) return std::string(session).append(named_session);
  if (const auto id = session_in_metadata(facts.metadata); is_session_name(id)) {
    return std::string(session).append(id);
  }
  if (const auto key = unquoted(facts.session_name); is_session_name(key)) {
    return std::string("prompt_cache_key:").append(key);
  }
  return {};
}

}  // namespace

session_facts anthropic_session(const request_facts& facts, std::string_view named_session,
                                std::string_view scope) {
  session_facts session;
  session.branch = anthropic_session_branch(facts.messages);
  if (const auto name = session_name(facts, named_session); !name.empty()) {
    session.key = make_session_key(scope, "", name);
    session.named = true;
  } else if (const auto content = anthropic_session_content(facts.system, facts.messages);
             !content.empty()) {
    session.key =
        make_session_key(scope, "content:", std::string_view(content).substr(0, content_bytes_max));
  }
  return session;
}

}  // namespace baton::relay
