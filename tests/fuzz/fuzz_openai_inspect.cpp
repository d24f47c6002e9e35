// Reading a request's body touches nothing but the body and its padding, does not depend on what
// the padding holds, agrees with another parser on what the fields are, and what asks for usage
// leaves the body as valid as it was. Nothing passes that would not be counted.
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "relay/platforms/openai_request.hpp"
#include "relay/platforms/openai_session.hpp"
#include "tests/fuzz/input.hpp"

using baton::fuzz::require;
using baton::relay::model_field;
using baton::relay::request_facts;
using nlohmann::json;

namespace {

using facts_result = baton::result<request_facts>;

facts_result inspect_responses(std::string_view body) {
  return baton::relay::inspect_responses_request(body);
}
facts_result inspect_chat(std::string_view body) {
  return baton::relay::inspect_chat_request(body, model_field::required);
}
facts_result inspect_modelless_chat(std::string_view body) {
  return baton::relay::inspect_chat_request(body, model_field::optional);
}
facts_result inspect_embeddings(std::string_view body) {
  return baton::relay::inspect_embeddings_request(body, model_field::required);
}

bool same(const std::optional<baton::relay::body_insertion>& a,
          const std::optional<baton::relay::body_insertion>& b) {
  if (!a || !b) return !a && !b;
  return a->offset == b->offset && a->removed_bytes == b->removed_bytes && a->text == b->text;
}

void require_same_facts(const facts_result& a, const facts_result& b) {
  require(a.has_value() == b.has_value(), "the padding does not decide");
  // A body with several faults may be refused for another one of them.
  if (!a) return;
  require(a->model == b->model && a->model_offset == b->model_offset && a->stream == b->stream &&
              a->stored == b->stored && a->max_output_tokens == b->max_output_tokens &&
              a->system == b->system && a->messages == b->messages && a->previous == b->previous &&
              a->session_name == b->session_name && same(a->usage_wish, b->usage_wish),
          "the same facts");
}

// The upstream reads the same bytes with a parser of its own, and must come to the same.
void require_agreement(const request_facts& facts, const json& other) {
  if (!facts.model.empty()) {
    require(other.contains("model") && other["model"].is_string() &&
                other["model"].get_ref<const std::string&>() == facts.model,
            "another parser finds the same model");
  }
  const bool stream = other.contains("stream") && other["stream"] == true;
  require(!facts.stream || stream, "another parser finds the same stream");
}

bool asks_for_usage(const json& body) {
  const auto options = body.find("stream_options");
  return options != body.end() && options->is_object() && options->contains("include_usage") &&
         (*options)["include_usage"] == true;
}

void require_good_wish(const request_facts& facts, std::string_view body, const json& before) {
  if (!facts.usage_wish) return;
  const auto& wish = *facts.usage_wish;
  require(wish.offset <= body.size() && wish.removed_bytes <= body.size() - wish.offset,
          "the wish is within the body");
  std::string edited(body);
  edited.replace(wish.offset, wish.removed_bytes, wish.text);
  if (before.is_discarded()) return;
  const auto after = json::parse(edited, nullptr, false);
  require(!after.is_discarded(), "the wish leaves valid JSON valid");
  require(asks_for_usage(after), "the wish asks for usage");
}

// What a model does for a client is counted, whatever the client asks for.
void require_counted(std::string_view body, const json& other) {
  if (!other.is_object()) return;
  const baton::fuzz::padded_copy padded(body, 0);
  const auto chat = inspect_modelless_chat(padded.view());
  require(!chat || !chat->stream || chat->usage_wish || asks_for_usage(other),
          "a streamed chat tells its usage");
  require(!inspect_responses(padded.view()) || other.value("background", json()) != true,
          "no response is made in the background");
}

template <class Inspect>
void run(std::string_view body, std::uint8_t filler, const json& other, Inspect inspect) {
  const baton::fuzz::padded_copy plain(body, 0), hostile(body, filler);
  const auto facts = inspect(plain.view());
  require_same_facts(facts, inspect(hostile.view()));
  if (!facts) return;
  if (facts->model_offset) {
    require(facts->model.data() == plain.view().data() + *facts->model_offset,
            "the model is where it is said to be");
  }
  if (other.is_object()) require_agreement(*facts, other);
  require_good_wish(*facts, plain.view(), other);
  const baton::relay::header_lines headers("");
  const baton::relay::route route{"POST",  "/x", baton::relay::operation::generate,
                                  nullptr, "/x", ""};
  const auto session = [&](std::string_view padded_body) {
    return baton::relay::openai_session({route, headers, "", "", padded_body}, *facts, "key").key;
  };
  require(session(plain.view()) == session(hostile.view()), "the same session");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(body);
  // nlohmann skips a byte order mark and stops at a zero byte.
  const bool other_rules =
      body.starts_with("\xEF\xBB\xBF") || body.find('\0') != std::string_view::npos;
  const auto other = other_rules ? json(json::value_t::discarded)
                                 : json::parse(body.begin(), body.end(), nullptr, false);
  run(body, steering, other, inspect_responses);
  run(body, steering, other, inspect_chat);
  run(body, steering, other, inspect_modelless_chat);
  run(body, steering, other, inspect_embeddings);
  require_counted(body, other);
  return 0;
}
