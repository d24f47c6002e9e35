// Finding a request's session touches nothing but the body and its padding, and does not depend on
// what the padding holds; a session's name stands above what the body says. The input's first byte
// steers the run, the rest is a body, or stands for the fields themselves, which then need not even
// be JSON.
#include "relay/platforms/anthropic_request.hpp"
#include "relay/platforms/anthropic_session.hpp"
#include "tests/fuzz/input.hpp"

using baton::relay::request_facts;
using baton::relay::session_facts;

namespace {

bool same(const session_facts& a, const session_facts& b) {
  return a.key == b.key && a.named == b.named && a.branch == b.branch;
}

session_facts session_of(const request_facts& facts, std::string_view named = {}) {
  return baton::relay::anthropic_session(facts, named, "key");
}

void require_sane(const request_facts& facts) {
  const auto session = session_of(facts);
  baton::fuzz::require(!session.named || session.key, "what is named has a key");
  const auto named = session_of(facts, "name");
  baton::fuzz::require(named.named && named.key == session_of({}, "name").key,
                       "a named session does not depend on the body");
  baton::fuzz::require(named.branch == session.branch, "the name does not decide on the branch");
}

request_facts each_field_as(std::string_view text, std::uint8_t steering) {
  request_facts facts;
  if ((steering & 1) != 0) facts.system = text;
  if ((steering & 2) != 0) facts.messages = text;
  if ((steering & 4) != 0) facts.metadata = text;
  if ((steering & 8) != 0) facts.session_name = text;
  return facts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(body);

  const baton::fuzz::padded_copy plain(body, 0), hostile(body, steering | 1);
  if (steering % 2 == 0) {
    const auto facts = baton::relay::inspect_anthropic_request(plain.view());
    const auto others = baton::relay::inspect_anthropic_request(hostile.view());
    if (!facts || !others) return 0;
    require_sane(*facts);
    baton::fuzz::require(same(session_of(*facts), session_of(*others)),
                         "the padding does not decide");
  } else {
    const auto fields = static_cast<std::uint8_t>(steering / 2);
    require_sane(each_field_as(plain.view(), fields));
    require_sane(each_field_as(hostile.view(), fields));
  }
  return 0;
}
