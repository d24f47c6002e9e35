// Reading a request of the Gemini API or of Code Assist, and its session, touches nothing but the
// body and its padding, does not depend on what the padding holds, and agrees with another parser
// on what the fields are. The input's first byte steers the run, the rest is a body.
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "relay/platform.hpp"
#include "relay/platforms/gemini_api.hpp"
#include "tests/fuzz/input.hpp"

using baton::relay::client_request;
using baton::relay::operation;
using baton::relay::request_facts;
using baton::relay::route_match;
using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 6> paths = {"/v1beta/models/m:streamGenerateContent",
                                                   "/v1beta/models/m:countTokens",
                                                   "/v1beta/models/m:embedContent",
                                                   "/v1internal:generateContent",
                                                   "/v1internal:countTokens",
                                                   "/v1internal:loadCodeAssist"};

struct inspected {
  baton::result<request_facts> facts;
  baton::relay::session_facts session;
};

inspected inspect(const route_match& match, std::string_view padded_body) {
  const baton::relay::header_lines headers("");
  const client_request request{*match.found, headers, match.parameter, "alt=sse", padded_body};
  inspected told{match.protocol->inspect(request), {}};
  if (told.facts) told.session = match.protocol->session(request, *told.facts, "key");
  return told;
}

void require_same(const inspected& a, const inspected& b) {
  baton::fuzz::require(a.facts.has_value() == b.facts.has_value(), "the padding does not decide");
  if (!a.facts) return;
  baton::fuzz::require(
      a.facts->model == b.facts->model && a.facts->model_offset == b.facts->model_offset &&
          a.facts->max_output_tokens == b.facts->max_output_tokens &&
          a.facts->messages == b.facts->messages && a.facts->system == b.facts->system &&
          a.facts->session_name == b.facts->session_name,
      "the same facts");
  baton::fuzz::require(a.session.key == b.session.key && a.session.branch == b.session.branch,
                       "the same session");
}

void require_right_places(const request_facts& facts, std::string_view body) {
  if (facts.model_offset) {
    baton::fuzz::require(*facts.model_offset + facts.model.size() < body.size() &&
                             facts.model.data() == body.data() + *facts.model_offset,
                         "the model is where it is said to be");
  }
  for (const auto part : {facts.messages, facts.system, facts.session_name}) {
    baton::fuzz::require(part.empty() || (part.data() >= body.data() &&
                                          part.data() + part.size() < body.data() + body.size()),
                         "what is pointed out is in the body");
  }
}

// The upstream reads the same bytes with a parser of its own, and must come to the same.
void require_agreement(const route_match& match, const request_facts& facts,
                       std::string_view body) {
  auto other = json::parse(body.begin(), body.end(), nullptr, false);
  const auto op = match.found->op;
  if (!other.is_object() || op == operation::assist || op == operation::embed) return;
  if (match.protocol == &baton::relay::code_assist) {
    if (op == operation::generate || other.contains("model")) {
      baton::fuzz::require(other.value("model", json()) == std::string(facts.model),
                           "another parser finds the same model");
    }
    const json inner = other.value("request", json());
    other = inner;
  }
  baton::fuzz::require(other.is_object(), "another parser finds the request");
  const auto contents = other.value("contents", json());
  if (op == operation::generate) {
    baton::fuzz::require((contents.is_array() && !contents.empty()) || contents.is_object(),
                         "another parser finds contents");
  }
  baton::fuzz::require(facts.messages.empty() ? !other.contains("contents")
                                              : json::parse(facts.messages) == contents,
                       "another parser finds the same contents");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(body);
  const route_match match = baton::relay::match_route("POST", paths[steering % paths.size()]);

  const baton::fuzz::padded_copy plain(body, 0);
  const baton::fuzz::padded_copy hostile(body, static_cast<std::uint8_t>(steering | 1));
  const auto told = inspect(match, plain.view());
  require_same(told, inspect(match, hostile.view()));
  if (told.facts) {
    require_right_places(*told.facts, plain.view());
    require_agreement(match, *told.facts, body);
  } else if (told.facts.error().text.starts_with("The request body is not valid JSON")) {
    // nlohmann skips a byte order mark and stops at a zero byte.
    const bool other_rules =
        body.starts_with("\xEF\xBB\xBF") || body.find('\0') != std::string_view::npos;
    baton::fuzz::require(other_rules || !json::accept(body.begin(), body.end()),
                         "what is refused as broken is broken");
  }
  return 0;
}
