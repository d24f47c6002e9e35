#include "relay/platforms/code_assist_request.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

const std::string generate = "/v1internal:generateContent";
const std::string count = "/v1internal:countTokens";

const std::string realistic =
    R"({"model":"gemini-2.5-pro","project":"p-1","user_prompt_id":"u########0","request":)"
    R"({"contents":[{"role":"user","parts":[{"text":"say \"hi\" [\\ {"}]}],)"
    R"("systemInstruction":{"role":"user","parts":[{"text":"x"}]},"tools":[],)"
    R"("generationConfig":{"temperature":0,"maxOutputTokens":64},"session_id":"s-1"}})";

void expect_refused(const std::string& target, std::string_view body, std::string_view text_start,
                    error_code code = error_code::malformed_request) {
  for (const char filler : {'\0', '}', ']', '"', ',', ':', '{', 'x', '\\', '\xff'}) {
    const auto refused = request_sample("POST", target, body, "", filler).inspect();
    ASSERT_FALSE(refused) << target << " " << body << " followed by " << filler;
    EXPECT_EQ(refused.error().code, code) << body;
    EXPECT_EQ(refused.error().text.substr(0, text_start.size()), text_start) << body;
  }
}

TEST(code_assist_request, tells_the_facts_of_a_realistic_body) {
  const request_sample sample("POST", "/gemini/v1internal:streamGenerateContent?alt=sse",
                              realistic);
  const auto facts = sample.inspect();
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->model, "gemini-2.5-pro");
  EXPECT_EQ(facts->model_offset, realistic.find("gemini-2.5-pro"));
  EXPECT_TRUE(facts->stream);
  EXPECT_EQ(facts->stream_format, answer_format::sse);
  EXPECT_EQ(facts->max_output_tokens, 64u);
  EXPECT_EQ(facts->estimated_input_tokens, realistic.size() / 4);
  EXPECT_EQ(facts->session_name, "\"s-1\"");
  EXPECT_EQ(facts->system, R"({"role":"user","parts":[{"text":"x"}]})");
  EXPECT_EQ(facts->messages, R"([{"role":"user","parts":[{"text":"say \"hi\" [\\ {"}]}])");
}

TEST(code_assist_request, needs_a_model_and_a_request_for_an_answer) {
  expect_refused(generate, R"({"request":{"contents":[1]}})", "model: Field required");
  expect_refused(generate, R"({"model":7,"request":{"contents":[1]}})", "model: Must be a string");
  expect_refused(generate, R"({"model":"m"})", "request: Field required");
  for (const std::string request : {"null", "[]", "7", "\"x\""}) {
    expect_refused(generate, R"({"model":"m","request":)" + request + "}",
                   "request: Must be an object");
  }
  expect_refused(generate, R"({"model":"m","request":{}})", "contents: Field required");
  expect_refused(generate, R"({"model":"m","request":{"contents":[]}})", "contents: Must hold");
}

TEST(code_assist_request, refuses_what_can_be_read_in_two_ways) {
  const std::string request = R"("request":{"contents":[1]})";
  expect_refused(generate, R"({"model":"m","model":"m",)" + request + "}", "model: The field is");
  expect_refused(generate, R"({"MODEL":"m",)" + request + "}", "model: The field's name");
  expect_refused(generate, R"({"model":"\u006d",)" + request + "}", "model: Must be written",
                 error_code::invalid_argument);
  expect_refused(generate, R"({"model":"m",)" + request + "," + request + "}",
                 "request: The field is there twice");
  expect_refused(generate, R"({"model":"m","request":{"contents":[1],"contents":[2]}})",
                 "contents: The field is there twice");
}

TEST(code_assist_request, finds_the_model_of_a_count_inside) {
  const auto model_of = [](const std::string& body) {
    const request_sample sample("POST", count, body);
    const auto facts = sample.inspect();
    if (!facts) return "error: " + facts.error().text;
    if (!facts->model.empty()) {
      EXPECT_EQ(sample.body().substr(facts->model_offset.value(), facts->model.size()),
                facts->model);
    }
    return std::string(facts->model);
  };
  EXPECT_EQ(model_of(R"({"request":{"model":"models/m-1","contents":[1]}})"), "m-1");
  EXPECT_EQ(model_of(R"({"request":{"contents":[1],"model" : "models/m-1" }})"), "m-1");
  EXPECT_EQ(model_of(R"({"model":"a","request":{"model":"models/b","contents":[1]}})"), "a");
  for (const std::string none : {"\"m\"", "\"models/\"", "\"models/\\u006d\"", "7", "null", "{}",
                                 "\"\"", "\"models/b\",\"model\":\"models/b\""}) {
    EXPECT_EQ(model_of(R"({"request":{"contents":[1],"model":)" + none + "}}"), "") << none;
  }
  EXPECT_EQ(
      model_of(R"({"request":{"contents":[1],"model":"models/)" + std::string(300, 'x') + "\"}}"),
      "");
}

TEST(code_assist_request, lets_pass_what_is_about_the_account) {
  for (const std::string method :
       {"loadCodeAssist", "onboardUser", "listExperiments", "retrieveUserQuota",
        "setCodeAssistGlobalUserSetting", "recordCodeAssistMetrics", "fetchAdminControls"}) {
    for (const std::string body : {"", "{}", R"({"metadata":{"ideType":"X"},"project":null})"}) {
      const request_sample sample("POST", "/v1internal:" + method, body);
      const auto facts = sample.inspect();
      ASSERT_TRUE(facts) << facts.error().text;
      EXPECT_TRUE(facts->model.empty());
      EXPECT_FALSE(facts->stream);
    }
  }
  EXPECT_TRUE(request_sample("GET", "/v1internal:getCodeAssistGlobalUserSetting").inspect());
  EXPECT_TRUE(request_sample("GET", "/gemini/v1internal/operations/abc").inspect());
  expect_refused("/v1internal:loadCodeAssist", "x", "The request body");
}

TEST(code_assist_request, lets_no_model_work_uncounted) {
  for (const std::string method :
       {"generate%43ontent", "%67enerateContent", "streamGenerateChat", "generateCode",
        "completeCode", "x", "Load", "load/../generateContent", "load%2FgenerateContent",
        "load:generateContent", "load%3FgenerateContent", "load%20", "internalAtomicAgenticChat"}) {
    expect_refused("/v1internal:" + method, "{}",
                   "There is no such method: ", error_code::not_found);
  }
}

TEST(code_assist_request, refuses_a_body_cut_at_any_byte) {
  for (std::size_t at = 0; at < realistic.size(); ++at) {
    const auto cut = std::string_view(realistic).substr(0, at);
    EXPECT_FALSE(request_sample("POST", generate, cut).inspect()) << cut;
  }
}

}  // namespace
}  // namespace baton::relay
