#include "relay/platforms/anthropic_request.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "relay/padded_text.test.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view realistic =
    R"({"model":"claude-opus-5-5","messages":[{"role":"user","content":[{"type":"text",)"
    R"("text":"say \"hi\" in {json}, [maybe] \\ \u00e9 \n"},{"type":"image","source":)"
    R"({"data":"aGk="}}]},{"role":"assistant","content":"模型"}],"system":[{"type":"text",)"
    R"("text":"x","cache_control":{"type":"ephemeral"}}],"tools":[{"name":"t","input_schema":)"
    R"({"type":"object","properties":{"model":{"type":"string"},"stream":1}}}],)"
    R"("metadata":{"user_id":"{\"device_id\":\"1\"}"},"max_tokens":32000,"temperature":1e0,)"
    R"("thinking":{"type":"adaptive"},"stream":true,"x":null,"y":[-1.5,[],{}]})";

result<request_facts> inspect(const padded_text& body) {
  return inspect_anthropic_request(body.view());
}
// The model of these facts has gone with its body.
result<request_facts> inspect(std::string_view body) {
  return inspect(padded_text(body));
}

std::string with_fields(std::string_view fields) {
  return R"({"model":"m","messages":[1])" + std::string(fields) + "}";
}

void expect_refused(std::string_view body, std::string_view text_start,
                    error_code code = error_code::malformed_request) {
  for (const char filler : {'\0', '}', ']', '"', ',', ':', '{', 'x', '\\', '\xff'}) {
    const auto refused = inspect(padded_text(body, filler));
    ASSERT_FALSE(refused) << body << " followed by " << filler;
    EXPECT_EQ(refused.error().code, code) << body;
    EXPECT_EQ(refused.error().source, error_source::downstream);
    EXPECT_EQ(refused.error().text.substr(0, text_start.size()), text_start) << body;
  }
}

constexpr std::string_view not_json = "The request body is not valid JSON";

TEST(anthropic_request, tells_the_facts_of_a_realistic_body) {
  const padded_text body(realistic);
  const auto facts = inspect(body);
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->model, "claude-opus-5-5");
  EXPECT_EQ(body.view().substr(*facts->model_offset, facts->model.size()), facts->model);
  EXPECT_EQ(facts->model.data(), body.view().data() + *facts->model_offset);
  EXPECT_TRUE(facts->stream);
  EXPECT_EQ(facts->max_output_tokens, 32000u);
  EXPECT_EQ(facts->estimated_input_tokens, realistic.size() / 4);
}

TEST(anthropic_request, points_out_what_tells_the_session) {
  const padded_text body(R"({"system":["a,"] , "x":"}","model":"m","prompt_cache_key" :"k\"",)"
                         R"("messages":[ [{}] ],"metadata":{ "user_id":"u"})"
                         "\n } \n");
  const auto facts = inspect(body);
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->system, R"(["a,"])");
  EXPECT_EQ(facts->session_name, R"("k\"")");
  EXPECT_EQ(facts->messages, "[ [{}] ]");
  EXPECT_EQ(facts->metadata, R"({ "user_id":"u"})");
}

TEST(anthropic_request, leaves_out_what_tells_the_session_in_two_ways) {
  const padded_text body(with_fields(
      R"(,"system":1,"system":2,"metadata":1,"metadata":1,"metadata":1,"PROMPT_CACHE_KEY":"k")"));
  const auto facts = inspect(body);
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_TRUE(facts->system.empty() && facts->metadata.empty() && facts->session_name.empty());
  EXPECT_EQ(facts->messages, "[1]");
}

TEST(anthropic_request, refuses_a_body_cut_at_any_byte) {
  for (std::size_t bytes = 0; bytes < realistic.size(); ++bytes) {
    expect_refused(realistic.substr(0, bytes), bytes == 0 ? "" : not_json);
  }
}

TEST(anthropic_request, refuses_what_follows_the_object) {
  for (const std::string_view garbage :
       {"x", "}", "]", ",", "{}", "\"\"", "1", "null", ":", "\x01"}) {
    expect_refused(std::string(realistic) + std::string(garbage), not_json);
    expect_refused(std::string(realistic) + "\n" + std::string(garbage), not_json);
  }
  EXPECT_TRUE(inspect(" \t\r\n" + std::string(realistic) + " \t\r\n"));
}

TEST(anthropic_request, finds_its_fields_wherever_they_stand) {
  const padded_text body(
      R"({ "stream" : false , "max_tokens" : 5 , "messages" : [ { } ] , "a" : {"model":"no"} , )"
      R"("model" : "yes" })");
  const auto facts = inspect(body);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->model, "yes");
  EXPECT_FALSE(facts->stream);
  EXPECT_EQ(facts->max_output_tokens, 5u);
}

TEST(anthropic_request, needs_an_object) {
  for (const std::string_view body : {"[]", "1", "\"x\"", "null", "true", "[{\"model\":\"m\"}]"}) {
    expect_refused(body, "The request body must be a JSON object");
  }
  for (const std::string_view body : {"", " ", "{", "}", "x", "\xEF\xBB\xBF", "{]", "\0"}) {
    expect_refused(body, "The request body");
  }
}

TEST(anthropic_request, needs_a_model) {
  expect_refused(R"({"messages":[1]})", "model: Field required");
  for (const std::string_view value : {"1", "null", "true", "{}", "[]", "[\"m\"]"}) {
    expect_refused(R"({"messages":[1],"model":)" + std::string(value) + "}",
                   "model: Must be a string");
  }
  expect_refused(R"({"messages":[1],"model":""})", "model: Must not be empty");
  expect_refused(R"({"messages":[1],"model":")" + std::string(257, 'm') + "\"}", "model: Must not");
  EXPECT_TRUE(inspect(R"({"messages":[1],"model":")" + std::string(256, 'm') + "\"}"));
}

TEST(anthropic_request, refuses_a_model_with_escapes) {
  for (const std::string_view model :
       {R"(\u0061)", R"(claude\u002dopus)", R"(a\/b)", R"(a\"b)", R"(a\\b)"}) {
    expect_refused(R"({"messages":[1],"model":")" + std::string(model) + "\"}",
                   "model: ", error_code::invalid_argument);
  }
}

TEST(anthropic_request, needs_messages) {
  expect_refused(R"({"model":"m"})", "messages: Field required");
  expect_refused(R"({"model":"m","messages":[]})", "messages: Must hold at least one message");
  expect_refused("{\"model\":\"m\",\"messages\":[ \t\r\n ]}", "messages: Must hold at least one");
  for (const std::string_view value : {"1", "null", "\"x\"", "{}", "true"}) {
    expect_refused(R"({"model":"m","messages":)" + std::string(value) + "}",
                   "messages: Must be an array");
  }
}

TEST(anthropic_request, takes_stream_as_a_boolean_only) {
  EXPECT_TRUE(inspect(with_fields(R"(,"stream":true)"))->stream);
  EXPECT_FALSE(inspect(with_fields(R"(,"stream":false)"))->stream);
  EXPECT_FALSE(inspect(with_fields(R"(,"stream":null)"))->stream);
  for (const std::string_view value : {"1", "0", "\"true\"", "{}", "[]", "tru", "truex", "nul"}) {
    expect_refused(with_fields(",\"stream\":" + std::string(value)), "stream: ");
  }
}

TEST(anthropic_request, reads_max_tokens_as_asked_for) {
  const auto asked = [](std::string_view value) {
    const auto facts = inspect(with_fields(",\"max_tokens\":" + std::string(value)));
    EXPECT_TRUE(facts) << value;
    return facts ? facts->max_output_tokens : 0;
  };
  EXPECT_EQ(asked("0"), 0u);
  EXPECT_EQ(asked("null"), 0u);
  EXPECT_EQ(asked("128000"), 128000u);
  EXPECT_EQ(asked("1024.0"), 1024u);
  EXPECT_EQ(asked("1e3"), 1000u);
  EXPECT_EQ(asked("18446744073709551615"), std::uint64_t{1} << 40);
  EXPECT_EQ(asked("99999999999999999999999999"), std::uint64_t{1} << 40);
  EXPECT_EQ(inspect(with_fields(""))->max_output_tokens, 0u);
  for (const std::string_view value :
       {"-1", "\"5\"", "true", "{}", "[]", "-", "1x", "1e999", "01", ".5", "5."}) {
    expect_refused(with_fields(",\"max_tokens\":" + std::string(value)), "max_tokens: ");
  }
}

TEST(anthropic_request, refuses_fields_that_are_there_twice) {
  expect_refused(with_fields(R"(,"model":"other")"), "model: The field is there twice");
  expect_refused(with_fields(R"(,"messages":[2])"), "messages: The field is there twice");
  expect_refused(with_fields(R"(,"stream":true,"stream":true)"),
                 "stream: The field is there twice");
  expect_refused(with_fields(R"(,"max_tokens":1,"max_tokens":null)"), "max_tokens: The field is");
  for (const std::string name : {"anthropic_version", "anthropic_beta"}) {
    const std::string once = ",\"" + name + "\":[\"x\"]";
    EXPECT_TRUE(inspect(with_fields(once))) << name;
    expect_refused(with_fields(once + once), name + ": The field is there twice");
    expect_refused(with_fields(",\"" + name + "\":\"x\":1"), not_json);
  }
  EXPECT_TRUE(inspect(with_fields(R"(,"other":1,"other":2)")));
}

TEST(anthropic_request, refuses_other_spellings_of_its_fields) {
  expect_refused(with_fields(R"(,"mod\u0065l":"other")"), "model: ");
  expect_refused(with_fields(R"(,"\u0073tream":true)"), "stream: ");
  expect_refused(with_fields(R"(,"Model":"other")"), "model: ");
  expect_refused(with_fields(R"(,"STREAM":true)"), "stream: ");
  expect_refused(with_fields(R"(,"Anthropic_Version":"x")"), "anthropic_version: ");
  expect_refused(with_fields(R"(,"anthropic\u005fbeta":[])"), "anthropic_beta: ");
  expect_refused(with_fields(R"(,"\u004dodel":"other")"), "model: ");
  expect_refused(with_fields(R"(,"bad\x":1)"), not_json);
  expect_refused(with_fields(R"(,"\ud800":1)"), not_json);
  EXPECT_TRUE(inspect(with_fields(R"(,"modell":"x","\u00e9":1,"model\u0020":2,"":3)")));
}

TEST(anthropic_request, refuses_broken_text) {
  expect_refused("{\"model\":\"m\xff\",\"messages\":[1]}", not_json);
  expect_refused("{\"model\":\"m\",\"messages\":[\"\xc3(\"]}", not_json);
  expect_refused("{\"model\":\"m\",\"messages\":[\"\xed\xa0\x80\"]}", not_json);
  expect_refused("{\"model\":\"m\n\",\"messages\":[1]}", not_json);
  expect_refused("{\"model\":\"m" + std::string(1, char{}) + "\",\"messages\":[1]}", not_json);
}

TEST(anthropic_request, refuses_broken_structure) {
  for (const std::string_view body :
       {R"({"model" "m","messages":[1]})", R"({"model":"m" "messages":[1]})",
        R"({"model":"m",,"messages":[1]})", R"({"model":"m","messages":[1],})",
        R"({,"model":"m","messages":[1]})", R"({"model":"m","messages":[1]]})",
        R"({"model":"m","messages":[[1]})", R"({"model":"m";"messages":[1]})",
        R"({model:"m","messages":[1]})", R"({"model":"m","messages":[1],"x"})",
        R"({"model":"m","messages":[1],"x":})", R"({'model':'m'})",
        R"({"model":"m","messages":[1],"x":]})", R"({"x":{[}]},"y":},"model":"m","messages":[1]})",
        R"({"x":"y":1,"model":"m","messages":[1]})",
        R"({"x":"y":[1},"model":"m","messages":[1]})"}) {
    expect_refused(body, "");
  }
}

TEST(anthropic_request, takes_deep_nesting) {
  const std::string open(100'000, '['), close(100'000, ']');
  EXPECT_TRUE(inspect(with_fields(",\"x\":" + open + close)));
  expect_refused(with_fields(",\"x\":" + open + close.substr(1)), not_json);
}

TEST(anthropic_request, takes_bodies_of_every_size) {
  for (const std::size_t bytes : {10u, 1000u, 100'000u, 1'048'576u, 5'000'000u, 50u}) {
    const std::string text(bytes, 'x');
    const padded_text body(R"({"messages":[")" + text + R"("],"model":"m"})");
    const auto facts = inspect(body);
    ASSERT_TRUE(facts) << bytes;
    EXPECT_EQ(facts->model, "m");
  }
}

TEST(anthropic_request, survives_random_damage) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  constexpr std::string_view bytes = "{}[]\",:\\ 0tnmx\xff\n";
  for (int round = 0; round < 20'000; ++round) {
    std::string body(realistic);
    for (unsigned changes = 1 + random() % 3; changes > 0; --changes) {
      body[random() % body.size()] = bytes[random() % bytes.size()];
    }
    const padded_text padded(body, bytes[random() % bytes.size()]);
    if (const auto facts = inspect(padded)) {
      ASSERT_EQ(padded.view().substr(*facts->model_offset, facts->model.size()), facts->model);
    }
  }
}

}  // namespace
}  // namespace baton::relay
