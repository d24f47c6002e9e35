#include "relay/platforms/bedrock_body.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view gaps = " \t\r\n";
constexpr std::size_t betas_max = 64;  // no client has so many; the rest is left out

// What the headers' newest version was called on Bedrock from its beginning on.
constexpr std::string_view first_version = "2023-06-01";
constexpr std::string_view first_bedrock_version = "bedrock-2023-05-31";

struct beta_rule {
  std::string_view family;   // without the date
  std::string_view instead;  // what does the same on Bedrock; empty: nothing
};

// Betas for which Bedrock refuses a request ("invalid beta flag"): what only Anthropic's own API
// offers. After what public gateways found out; the others are for Bedrock to judge.
constexpr std::array<beta_rule, 15> refused_betas = {{
    {"advanced-tool-use-", "tool-search-tool-2025-10-19"},
    {"advisor-tool-", ""},
    {"claude-code-", ""},
    {"code-execution-", ""},
    {"fast-mode-", ""},
    {"files-api-", ""},
    {"mcp-client-", ""},
    {"mcp-servers-", ""},
    {"oauth-", ""},
    {"per-turn-control-", ""},
    {"prompt-caching-scope-", ""},
    {"skills-", ""},
    {"structured-outputs-", ""},
    {"web-fetch-", ""},
    {"web-search-", ""},
}};

// What needs no escapes in JSON, and no name has anything else.
bool is_plain(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':';
  });
}

std::string_view beta_on_bedrock(std::string_view beta) {
  if (!is_plain(beta)) return {};
  for (const auto& rule : refused_betas) {
    if (beta.starts_with(rule.family)) return rule.instead;
  }
  return beta;
}

void append_quoted(std::string& out, std::string_view text) {
  out.append("\"").append(text).append("\"");
}

// Appends `,"anthropic_beta":[…]`, each beta once; nothing if none is left.
void append_betas(std::string& out, std::string_view header) {
  const std::size_t begin = out.size();
  out += ",\"anthropic_beta\":[";
  const std::size_t list = out.size();
  std::size_t betas = 0;
  for (const std::string_view each : text::split(header, ',')) {
    if (++betas > betas_max) break;
    const auto beta = beta_on_bedrock(each);
    if (beta.empty()) continue;
    const std::size_t before = out.size();
    if (before != list) out += ',';
    const std::size_t quoted = out.size();
    append_quoted(out, beta);
    if (out.find(out.substr(quoted), list) < before) out.resize(before);
  }
  if (out.size() == list) {
    out.resize(begin);
  } else {
    out += ']';
  }
}

// A body that was written for Bedrock has a version of its own, and keeps it.
void append_version(std::string& out, std::string_view member, std::string_view header) {
  append_quoted(out, "anthropic_version");
  out += ':';
  if (!member.empty()) {
    const auto colon = member.find(':');
    out += member.substr(member.find_first_not_of(gaps, colon + 1));
    return;
  }
  const bool is_newer = is_plain(header) && header != first_version;
  append_quoted(out, is_newer ? header : first_bedrock_version);
}

// The members that leave, in their order.
class leaving_members {
 public:
  explicit leaving_members(const request_facts& facts)
      : all_{facts.model_member, facts.stream_member, facts.version_member} {
    std::sort(all_.begin(), all_.end(),
              [](const body_member& a, const body_member& b) { return a.begin < b.begin; });
    first_ = std::find_if(all_.begin(), all_.end(), [](const body_member& m) { return bool(m); });
  }

  const body_member* begin() const { return first_; }
  const body_member* end() const { return all_.end(); }

 private:
  std::array<body_member, 3> all_;
  const body_member* first_ = nullptr;
};

// From the comma in front of a member to its end. The object's first member has none: it leaves the
// comma behind it to what was put in front.
body_edits::edit removal(std::string_view body, const body_member& member) {
  const auto before = body.find_last_not_of(gaps, member.begin - 1);
  const std::size_t begin = body[before] == ',' ? before : member.begin;
  return {begin, member.end - begin, {}};
}

}  // namespace

// What is new goes behind the opening bracket, so that it needs a comma only behind it.
void edit_bedrock_body(body_edits& edits, const outgoing_request& request) {
  const auto& facts = request.facts;
  const leaving_members leaving(facts);
  // The body that the facts are about is where the model's name lies in it.
  const std::string_view body(facts.model.data() - *facts.model_offset, (leaving.end() - 1)->end);
  const std::size_t behind_bracket = body.find('{') + 1;

  auto& added = edits.storage;
  const auto& version = facts.version_member;
  append_version(added, body.substr(version.begin, version.end - version.begin),
                 request.headers.find("anthropic-version"));
  if (!facts.betas_member) append_betas(added, request.headers.find("anthropic-beta"));
  const bool first_leaves = body.find_first_not_of(gaps, behind_bracket) == leaving.begin()->begin;
  if (!first_leaves) added += ',';

  edits.list.push_back({behind_bracket, 0, added});
  for (const auto& member : leaving) edits.list.push_back(removal(body, member));
}

}  // namespace baton::relay
