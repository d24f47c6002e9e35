#include "relay/platforms/gemini_request.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

const std::string generate = "/v1beta/models/m:generateContent";
const std::string stream = "/v1beta/models/m:streamGenerateContent";
const std::string count = "/v1beta/models/m:countTokens";
const std::string embed = "/v1beta/models/m:embedContent";
const std::string batch = "/v1beta/models/m:batchEmbedContents";

const std::string realistic =
    R"({"contents":[{"role":"user","parts":[{"text":"say \"hi\" [\\ {"},{"inlineData":)"
    R"({"mimeType":"image/png","data":"aGk="}}]},{"role":"model","parts":[{"text":"模型"}]}],)"
    R"("systemInstruction":{"parts":[{"text":"x"}]},"tools":[{"functionDeclarations":[{"name":)"
    R"("f","parameters":{"type":"OBJECT","properties":{"contents":{"type":"STRING"}}}}]}],)"
    R"("generationConfig":{"responseSchema":{"maxOutputTokens":5},"maxOutputTokens":8192,)"
    R"("thinkingConfig":{"thinkingBudget":-1},"temperature":1e0},"x":null,"y":[-1.5,[],{}]})";

void expect_refused(const std::string& target, std::string_view body, std::string_view text_start,
                    error_code code = error_code::malformed_request, std::string headers = "") {
  for (const char filler : {'\0', '}', ']', '"', ',', ':', '{', 'x', '\\', '\xff'}) {
    const auto refused = request_sample("POST", target, body, headers, filler).inspect();
    ASSERT_FALSE(refused) << target << " " << body << " followed by " << filler;
    EXPECT_EQ(refused.error().code, code) << body;
    EXPECT_EQ(refused.error().text.substr(0, text_start.size()), text_start) << body;
  }
}

std::uint64_t output_asked_for(const std::string& fields) {
  const request_sample sample("POST", generate, R"({"contents":[1],)" + fields + "}");
  const auto facts = sample.inspect();
  EXPECT_TRUE(facts) << fields;
  return facts ? facts->max_output_tokens : 0;
}

TEST(gemini_request, tells_the_facts_of_a_realistic_body) {
  const request_sample sample("POST", stream + "?alt=sse", realistic);
  const auto facts = sample.inspect();
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->model, "m");
  EXPECT_EQ(facts->model_offset, std::nullopt);
  EXPECT_TRUE(facts->stream);
  EXPECT_EQ(facts->stream_format, answer_format::sse);
  EXPECT_EQ(facts->max_output_tokens, 8192u);
  EXPECT_EQ(facts->estimated_input_tokens, realistic.size() / 4);
  EXPECT_EQ(facts->system, R"({"parts":[{"text":"x"}]})");
  EXPECT_TRUE(facts->messages.starts_with(R"([{"role":"user")"));
  EXPECT_TRUE(facts->messages.ends_with(R"("模型"}]}])"));
  EXPECT_FALSE(facts->stored);
}

TEST(gemini_request, takes_the_model_out_of_the_path) {
  const auto model_of = [](const std::string& in_path) {
    const request_sample sample("POST", "/gemini/v1beta/models/" + in_path + ":generateContent",
                                R"({"contents":[1],"model":"models/other"})");
    return std::string(sample.inspect().value().model);
  };
  EXPECT_EQ(model_of("gemini-2.5-pro"), "gemini-2.5-pro");
  EXPECT_EQ(model_of("publishers%2Fx%2Fmodels%2Fy"), "publishers/x/models/y");
  EXPECT_EQ(model_of("publishers/x/models/y"), "publishers/x/models/y");
  EXPECT_EQ(model_of("a:b%3Ac"), "a:b:c");
  EXPECT_EQ(model_of("x:generateContent"), "x:generateContent");
}

TEST(gemini_request, takes_the_form_of_the_answer_out_of_path_and_query) {
  const auto facts_of = [](const std::string& target) {
    return request_sample("POST", target, R"({"contents":[1]})").inspect().value();
  };
  EXPECT_FALSE(facts_of(generate).stream);
  EXPECT_FALSE(facts_of(generate + "?alt=sse").stream);
  EXPECT_TRUE(facts_of(stream).stream);
  for (const std::string query : {"", "?", "?alt=json", "?alt=", "?$alt=json;enum-encoding=int",
                                  "?altx=sse", "?x=alt=sse", "?prettyPrint=false&&=", "?%zz=%"}) {
    EXPECT_EQ(facts_of(stream + query).stream_format, answer_format::json_array) << query;
  }
  for (const std::string query : {"?alt=sse", "?key=a&alt=sse", "?$alt=sse", "?alt=json&alt=sse",
                                  "?alt=sse&alt=json", "?%61lt=ss%65", "?%24alt=sse"}) {
    EXPECT_EQ(facts_of(stream + query).stream_format, answer_format::sse) << query;
  }
}

TEST(gemini_request, refuses_what_would_make_an_answer_that_cannot_be_metered) {
  const std::string body = R"({"contents":[1]})";
  for (const std::string query : {"alt=proto", "alt=media", "$alt=proto", "alt=sse&alt=proto",
                                  "%61lt=pr%6fto", "ALT=proto", "alt=SSE"}) {
    expect_refused(generate + "?" + query, body, "alt: ", error_code::invalid_argument);
  }
  for (const std::string query : {"fields=candidates", "$fields=x", "a=b&fields", "f%69elds=x"}) {
    expect_refused(stream + "?" + query, body, "fields: ", error_code::invalid_argument);
  }
  for (const std::string query : {"callback=f", "$callback=f", "alt=json&c%61llback=f"}) {
    expect_refused(generate + "?" + query, body, "callback: ", error_code::invalid_argument);
  }
  expect_refused(generate, body, "x-goog-fieldmask: ", error_code::invalid_argument,
                 "X-Goog-FieldMask: candidates\r\n");
}

TEST(gemini_request, takes_names_as_protocol_buffers_write_them) {
  const request_sample sample(
      "POST", generate,
      R"({"contents":[1],"system_instruction":{"a":1} ,"generation_config":)"
      R"({"max_output_tokens":7}})");
  const auto facts = sample.inspect();
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->system, R"({"a":1})");
  EXPECT_EQ(facts->max_output_tokens, 7u);
}

TEST(gemini_request, reads_how_much_output_is_asked_for) {
  EXPECT_EQ(output_asked_for(R"("generationConfig":{})"), 0u);
  EXPECT_EQ(output_asked_for(R"("generationConfig":null)"), 0u);
  EXPECT_EQ(output_asked_for(R"("generationConfig":{"maxOutputTokens":"512"})"), 512u);
  EXPECT_EQ(output_asked_for(R"("generationConfig":{"maxOutputTokens":1e3})"), 1000u);
  EXPECT_EQ(output_asked_for(R"("generationConfig":{"maxOutput\u0054okens":9})"), 9u);
  EXPECT_EQ(output_asked_for(R"("generationConfig":{"maxOutputTokens":5,"maxOutputTokens":6,)"
                             R"("maxOutputTokens":4},"generation_config":{"maxOutputTokens":3})"),
            6u);
  for (const std::string most : {"1e300", "18446744073709551615", "99999999999999999999999"}) {
    EXPECT_EQ(output_asked_for(R"("generationConfig":{"maxOutputTokens":)" + most + "}"),
              std::uint64_t{1} << 40)
        << most;
  }
  for (const std::string none : {"-1", "-9223372036854775808", "null", "true", "[1]", "{\"a\":1}",
                                 "\"\"", "\"x\"", "\"-5\"", "0.5", "\"nan\""}) {
    EXPECT_EQ(output_asked_for(R"("generationConfig":{"maxOutputTokens":)" + none + "}"), 0u)
        << none;
  }
}

TEST(gemini_request, needs_contents_for_an_answer) {
  expect_refused(generate, "{}", "contents: Field required");
  expect_refused(stream, R"({"content":[1]})", "contents: Field required");
  for (const std::string body : {R"({"contents":[]})", R"({"contents":[ ]})"}) {
    expect_refused(generate, body, "contents: Must hold at least one content");
  }
  for (const std::string contents : {"null", "1", "\"x\"", "true"}) {
    expect_refused(generate, R"({"contents":)" + contents + "}", "contents: Must be an array");
    expect_refused(count, R"({"contents":)" + contents + "}", "contents: Must be an array");
  }
  const request_sample single("POST", generate, R"({"contents":{"parts":{"text":"x"}}})");
  ASSERT_TRUE(single.inspect()) << "Google takes one in place of a list";
  EXPECT_EQ(single.inspect()->messages, R"({"parts":{"text":"x"}})");
}

TEST(gemini_request, counts_tokens_of_contents_or_of_a_whole_request) {
  EXPECT_TRUE(request_sample("POST", count, R"({"contents":[1]})").inspect());
  EXPECT_TRUE(
      request_sample("POST", count, R"({"contents":[],"generateContentRequest":{}})").inspect());
  EXPECT_TRUE(request_sample("POST", count, R"({"generate_content_request":{}})").inspect());
  expect_refused(count, "{}", "contents: Field required");
}

TEST(gemini_request, leaves_to_the_upstream_what_is_embedded) {
  EXPECT_TRUE(request_sample("POST", embed, R"({"content":{"parts":[]}})").inspect());
  EXPECT_TRUE(request_sample("POST", batch, R"({"requests":[{"model":"models/m"}]})").inspect());
  EXPECT_TRUE(request_sample("POST", embed, "{}").inspect()->messages.empty());
  expect_refused(embed, "[]", "The request body must be a JSON object");
}

TEST(gemini_request, refuses_what_can_be_read_in_two_ways) {
  expect_refused(generate, R"({"contents":[1],"contents":[2]})",
                 "contents: The field is there twice");
  expect_refused(generate, R"({"Contents":[1]})", "contents: The field's name must be written");
  expect_refused(generate, R"({"c\u006fntents":[1]})",
                 "contents: The field's name must be written");
  expect_refused(generate, R"({"contents":[1],"generationConfig":{},"generationConfig":{}})",
                 "generationConfig: The field is there twice");
  for (const std::string config : {"1", "[]", "\"x\"", "false"}) {
    expect_refused(generate, R"({"contents":[1],"generationConfig":)" + config + "}",
                   "generationConfig: Must be an object");
  }
}

TEST(gemini_request, refuses_a_body_cut_at_any_byte) {
  for (std::size_t at = 0; at < realistic.size(); ++at) {
    const auto cut = std::string_view(realistic).substr(0, at);
    EXPECT_FALSE(request_sample("POST", generate, cut).inspect()) << cut;
  }
  for (const std::string body : {"", " ", "null", "7", "\"x\"", "{", "}", "x", "{}}", "{\"a\"}",
                                 R"({"contents":[1],"generationConfig":{"a":"x":1}})",
                                 R"({"contents":[1],"generationConfig":{"a":}})",
                                 R"({"contents":[1],"generationConfig":{"a" 1}})",
                                 R"({"contents":[1],"generationConfig":{"a":1})"}) {
    expect_refused(generate, body, "The request body");
  }
}

TEST(gemini_request, survives_deep_nesting) {
  const std::string deep(100'000, '['), ends(100'000, ']');
  request_sample("POST", generate, R"({"contents":)" + deep + ends + "}").inspect();
  expect_refused(generate, R"({"contents":[1],"generationConfig":{"a":)" + deep,
                 "The request body");
}

}  // namespace
}  // namespace baton::relay
