// Reading a request's body touches nothing but the body and its padding, does not depend on what
// the padding holds, and agrees with another parser on what the fields are.
#include <nlohmann/json.hpp>

#include "relay/platforms/anthropic_request.hpp"
#include "tests/fuzz/input.hpp"

using baton::relay::request_facts;

namespace {

void require_same_facts(const baton::result<request_facts>& a,
                        const baton::result<request_facts>& b) {
  baton::fuzz::require(a.has_value() == b.has_value(), "the padding does not decide");
  // A body with several faults may be refused for another one of them.
  if (!a) return;
  baton::fuzz::require(a->model == b->model && a->model_offset == b->model_offset &&
                           a->stream == b->stream && a->max_output_tokens == b->max_output_tokens,
                       "the same facts");
}

// The upstream reads the same bytes with a parser of its own, and must come to the same model.
void require_agreement(const request_facts& facts, std::string_view body) {
  const auto other = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
  if (!other.is_object()) return;
  baton::fuzz::require(other.contains("model") && other["model"].is_string() &&
                           other["model"].get_ref<const std::string&>() == facts.model,
                       "another parser finds the same model");
  baton::fuzz::require(
      other.contains("messages") && other["messages"].is_array() && !other["messages"].empty(),
      "another parser finds messages");
  const bool stream = other.contains("stream") && other["stream"] == true;
  baton::fuzz::require(stream == facts.stream, "another parser finds the same stream");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(body);

  const baton::fuzz::padded_copy plain(body, 0), hostile(body, steering);
  const auto facts = baton::relay::inspect_anthropic_request(plain.view());
  require_same_facts(facts, baton::relay::inspect_anthropic_request(hostile.view()));
  if (facts) {
    baton::fuzz::require(
        plain.view().substr(*facts->model_offset, facts->model.size()) == facts->model &&
            facts->model.data() == plain.view().data() + *facts->model_offset,
        "the model is where it is said to be");
    require_agreement(*facts, body);
  } else if (facts.error().text.starts_with("The request body is not valid JSON")) {
    // nlohmann skips a byte order mark and stops at a zero byte.
    const bool other_rules =
        body.starts_with("\xEF\xBB\xBF") || body.find('\0') != std::string_view::npos;
    baton::fuzz::require(other_rules || !nlohmann::json::accept(body.begin(), body.end()),
                         "what is refused as broken is broken");
  }
  return 0;
}
