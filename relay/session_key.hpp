// Which conversation a request belongs to, so that it stays with one account: that account's cache
// holds what was said before.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>

namespace baton::relay {

// The first 128 bits of a SHA-256 over the API key's id and what identifies the session.
struct session_key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  explicit operator bool() const { return (high | low) != 0; }
  friend bool operator==(const session_key&, const session_key&) = default;
};

// `scope`: the API key's id; two keys never share a session. `kind` tells apart what is called the
// same in two ways.
session_key make_session_key(std::string_view scope, std::string_view kind,
                             std::string_view identifier);
// The same for an identifier in pieces.
session_key make_session_key(std::string_view scope, std::string_view kind,
                             std::initializer_list<std::string_view> identifier);

struct session_facts {
  session_key key;     // empty: the request belongs to none
  bool named = false;  // the client named the session; otherwise it was made of the content
  // Tells the conversations of one session apart: a side conversation shares its parent's id, but
  // not its first message. Process-local; 0: unknown.
  std::uint64_t branch = 0;
  // The request names an answer that an account keeps: `key` is stored_answer_key() of the API key
  // that asks, and only that account can serve it.
  bool bound = false;
  session_key anyones;  // of a bound one: the same, whoever asks
};

// Under which it is remembered who keeps an answer. With an empty scope: that somebody does.
session_key stored_answer_key(std::string_view scope, std::string_view answer_id);

}  // namespace baton::relay

template <>
struct std::hash<baton::relay::session_key> {
  std::size_t operator()(const baton::relay::session_key& key) const noexcept { return key.low; }
};
