#include "relay/platforms/gemini_session.hpp"

#include <algorithm>
#include <functional>

#include "relay/platforms/json_skimmer.hpp"
#include "relay/platforms/session_name.hpp"

namespace baton::relay {
namespace {

// What distinguishes conversations is near their beginning, and hashing takes time.
constexpr std::size_t content_bytes_max = 64 * 1024;

// As it stands, as far as it is within the bound. A single content may take the place of the array.
std::string_view first_content(std::string_view contents) {
  contents = contents.substr(0, content_bytes_max);
  if (contents.starts_with('{')) return contents;
  json_skimmer json(contents);
  std::string_view first;
  json.each_element([&] {
    first = json.value();
    json.stop();
  });
  return first;
}

}  // namespace

session_facts gemini_session(const request_facts& facts, std::string_view scope) {
  session_facts session;
  const auto first = first_content(facts.messages);
  if (!first.empty()) {
    session.branch = std::max<std::uint64_t>(std::hash<std::string_view>{}(first), 1);
  }
  const auto name = unquoted(facts.session_name);
  if (is_session_name(name)) {
    session.key = make_session_key(scope, "session_id:", name);
    session.named = true;
  } else if (!first.empty()) {
    const auto system = facts.system.substr(0, content_bytes_max);
    session.key = make_session_key(
        scope, "contents:", {system, first.substr(0, content_bytes_max - system.size())});
  }
  return session;
}

}  // namespace baton::relay
