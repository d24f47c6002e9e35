#include "relay/platforms/gemini_session.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "relay/platforms/json_skimmer.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t name_bytes_max = 256;  // ids are UUIDs
// What distinguishes conversations is near their beginning, and hashing takes time.
constexpr std::size_t content_bytes_max = 64 * 1024;

// Left with its escapes: a client writes its id the same way each time.
std::string_view unquoted(std::string_view raw) {
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return {};
  return raw.substr(1, raw.size() - 2);
}

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

std::string beginning(std::string_view system, std::string_view first) {
  std::string content(system.substr(0, content_bytes_max));
  content.append(first.substr(0, content_bytes_max - content.size()));
  return content;
}

}  // namespace

session_facts gemini_session(const request_facts& facts, std::string_view scope) {
  session_facts session;
  const auto first = first_content(facts.messages);
  if (!first.empty()) {
    session.branch = std::max<std::uint64_t>(std::hash<std::string_view>{}(first), 1);
  }
  const auto name = unquoted(facts.session_name);
  if (!name.empty() && name.size() <= name_bytes_max) {
    session.key = make_session_key(scope, "session_id:", name);
    session.named = true;
  } else if (!first.empty()) {
    session.key = make_session_key(scope, "contents:", beginning(facts.system, first));
  }
  return session;
}

}  // namespace baton::relay
