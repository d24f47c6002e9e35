#include "relay/platforms/bedrock_api.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/bedrock_sample.test.hpp"
#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

// As @anthropic-ai/bedrock-sdk 1.1.2 writes it.
constexpr std::string_view body =
    R"({"max_tokens":64,"messages":[{"role":"user","content":"Hi"}],)"
    R"("anthropic_version":"2026-10-21","anthropic_beta":["context-1m-2025-08-07"]})";

const std::string model = "global.anthropic.claude-haiku-4-5-20251001-v1:0";

std::string name_of(error_code code) {
  const auto lines = bedrock_invoke.error_lines(code);
  constexpr std::string_view field = "x-amzn-errortype: ";
  EXPECT_TRUE(lines.starts_with(field) && lines.ends_with("\r\n")) << lines;
  return lines.substr(field.size(), lines.size() - field.size() - 2);
}

TEST(bedrock_api, finds_the_facts_in_the_path_and_the_body) {
  const request_sample sample("POST", "/bedrock/model/" + model + "/invoke", body);
  const auto facts = sample.inspect();
  ASSERT_TRUE(facts);
  EXPECT_EQ(&sample.protocol(), &bedrock_invoke);
  EXPECT_EQ(facts->model, model);
  EXPECT_FALSE(facts->model_offset);
  EXPECT_FALSE(facts->stream);
  EXPECT_EQ(facts->max_output_tokens, 64u);
  EXPECT_EQ(sample.route().op, operation::generate);
  EXPECT_EQ(sample.route().label, "bedrock_invoke");
}

TEST(bedrock_api, streams_where_the_path_says_so) {
  const request_sample sample(
      "POST", "/bedrock/model/" + percent_encode(model) + "/invoke-with-response-stream", body);
  const auto facts = sample.inspect();
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->model, model);
  EXPECT_TRUE(facts->stream);
  EXPECT_EQ(facts->stream_format, answer_format::aws_frames);
}

TEST(bedrock_api, takes_the_path_s_word_for_model_and_stream) {
  const request_sample sample("POST", "/bedrock/model/m/invoke",
                              R"({"model":"other","stream":true,"messages":[1]})");
  EXPECT_EQ(sample.inspect()->model, "m");
  EXPECT_FALSE(sample.inspect()->model_offset);
  EXPECT_FALSE(sample.inspect()->stream);
}

TEST(bedrock_api, refuses_bodies_without_messages) {
  for (const std::string_view bad : {"", "{}", "[]", R"({"messages":[]})", R"({"messages":1})"}) {
    const auto refused = request_sample("POST", "/bedrock/model/m/invoke", bad).inspect();
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, error_code::malformed_request);
  }
}

TEST(bedrock_api, has_the_sessions_of_anthropic_messages) {
  const std::string header = "x-claude-code-session-id: s-1\r\n";
  const auto session = request_sample("POST", "/bedrock/model/m/invoke", body, header).session();
  EXPECT_TRUE(session.named);
  const auto same =
      request_sample("POST", "/v1/messages",
                     R"({"model":"m","messages":[{"role":"user","content":"Hi"}]})", header)
          .session();
  EXPECT_EQ(session.key, same.key);
}

TEST(bedrock_api, has_a_meter_for_whatever_form_an_answer_has) {
  const auto frames = bedrock_invoke.make_meter(answer_format::aws_frames, {});
  frames->feed(bedrock_sample::stream());
  EXPECT_EQ(frames->usage().output, 7);
  const auto events = bedrock_invoke.make_meter(answer_format::sse, {});
  events->feed("data: " + std::string(bedrock_sample::delta) + "\n\n");
  EXPECT_EQ(events->usage().output, 7);
  const auto document = bedrock_invoke.make_meter(answer_format::document, {});
  document->feed(R"({"type":"message","usage":{"output_tokens":7}})");
  document->finish();
  EXPECT_EQ(document->usage().output, 7);
  EXPECT_TRUE(document->complete());
}

TEST(bedrock_api, knows_what_an_exception_means) {
  const auto kind = [](std::string_view name) { return bedrock_invoke.error_kind(name); };
  EXPECT_EQ(kind("throttlingException"), failure_kind::rate_limited);
  EXPECT_EQ(kind("ThrottlingException"), failure_kind::rate_limited);
  EXPECT_EQ(kind("serviceQuotaExceededException"), failure_kind::rate_limited);
  EXPECT_EQ(kind("serviceUnavailableException"), failure_kind::overloaded);
  EXPECT_EQ(kind("modelNotReadyException"), failure_kind::overloaded);
  EXPECT_EQ(kind("internalServerException"), failure_kind::server_error);
  EXPECT_EQ(kind("modelStreamErrorException"), failure_kind::server_error);
  EXPECT_EQ(kind("modelTimeoutException"), failure_kind::server_error);
  EXPECT_EQ(kind("ModelErrorException"), failure_kind::server_error);
  EXPECT_EQ(kind("accessDeniedException"), failure_kind::forbidden);
  EXPECT_EQ(kind("UnrecognizedClientException"), failure_kind::unauthorized);
  EXPECT_EQ(kind("ExpiredTokenException"), failure_kind::unauthorized);
  EXPECT_EQ(kind("InvalidSignatureException"), failure_kind::unauthorized);
  EXPECT_EQ(kind("validationException"), std::nullopt);
  for (const std::string_view name : {"", "Exception", "THROTTLINGException", "newException"}) {
    EXPECT_EQ(kind(name), failure_kind::error_event) << name;
  }
  // Anthropic's own, in a chunk.
  EXPECT_EQ(kind("overloaded_error"), failure_kind::overloaded);
  EXPECT_EQ(kind("invalid_request_error"), std::nullopt);
}

TEST(bedrock_api, words_errors_as_aws_does) {
  EXPECT_EQ(bedrock_invoke.error_body(internal_error(error_code::internal, "a \"b\"\n\xff"), "id"),
            "{\"message\":\"a \\\"b\\\"\\n\xEF\xBF\xBD\"}");
  EXPECT_EQ(name_of(error_code::malformed_request), "ValidationException");
  EXPECT_EQ(name_of(error_code::body_too_large), "ValidationException");
  EXPECT_EQ(name_of(error_code::unauthenticated), "UnrecognizedClientException");
  EXPECT_EQ(name_of(error_code::permission_denied), "AccessDeniedException");
  EXPECT_EQ(name_of(error_code::not_found), "ResourceNotFoundException");
  EXPECT_EQ(name_of(error_code::rate_limited), "ThrottlingException");
  EXPECT_EQ(name_of(error_code::no_account), "ServiceUnavailableException");
  EXPECT_EQ(name_of(error_code::upstream_timeout), "ModelTimeoutException");
  EXPECT_EQ(name_of(error_code::upstream_broken), "InternalServerException");
}

TEST(bedrock_api, ends_a_stream_with_one_complete_exception) {
  const auto failure = upstream_error(error_code::upstream_broken, "cut");
  EXPECT_EQ(bedrock_invoke.error_event(failure, "id", answer_format::aws_frames),
            exception_frame("internalServerException", R"({"message":"cut"})"));
  const auto meter = bedrock_invoke.make_meter(answer_format::aws_frames, {});
  meter->feed(chunk_frame(bedrock_sample::start));
  meter->feed(bedrock_invoke.error_event(upstream_error(error_code::overloaded, "full"), "id",
                                         answer_format::aws_frames));
  EXPECT_EQ(meter->error_type(), "serviceUnavailableException");
  EXPECT_FALSE(meter->malformed());
  EXPECT_EQ(bedrock_invoke.error_event(failure, "id", answer_format::sse),
            anthropic_messages.error_event(failure, "id", answer_format::sse));
}

TEST(bedrock_api, words_errors_of_unknown_paths_below_its_prefix) {
  for (const std::string_view path : {"/bedrock", "/bedrock/model//invoke",
                                      "/bedrock/model/m/converse", "/bedrock/v1/messages"}) {
    const auto match = match_route("POST", path);
    EXPECT_EQ(match.found, nullptr) << path;
    EXPECT_EQ(match.protocol, &bedrock_invoke) << path;
  }
  EXPECT_EQ(match_route("GET", "/bedrock/model/m/invoke").allow, "POST");
}

}  // namespace
}  // namespace baton::relay
