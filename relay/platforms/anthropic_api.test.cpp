#include "relay/platforms/anthropic_api.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

std::string type_of(error_code code) {
  const auto body = anthropic_api().error_body(internal_error(code, "text"), "id");
  return nlohmann::json::parse(body).at("error").at("type");
}

TEST(anthropic_api, words_errors_as_anthropic_does) {
  EXPECT_EQ(
      anthropic_api().error_body(downstream_error(error_code::unauthenticated, "no key"), "req_1"),
      R"({"type":"error","error":{"type":"authentication_error","message":"no key"},)"
      R"("request_id":"req_1"})");
}

TEST(anthropic_api, names_the_error_types_that_clients_know) {
  EXPECT_EQ(type_of(error_code::malformed_request), "invalid_request_error");
  EXPECT_EQ(type_of(error_code::invalid_argument), "invalid_request_error");
  EXPECT_EQ(type_of(error_code::method_not_allowed), "invalid_request_error");
  EXPECT_EQ(type_of(error_code::permission_denied), "permission_error");
  EXPECT_EQ(type_of(error_code::not_found), "not_found_error");
  EXPECT_EQ(type_of(error_code::body_too_large), "request_too_large");
  EXPECT_EQ(type_of(error_code::rate_limited), "rate_limit_error");
  EXPECT_EQ(type_of(error_code::no_account), "overloaded_error");
  EXPECT_EQ(type_of(error_code::overloaded), "overloaded_error");
  EXPECT_EQ(type_of(error_code::upstream_unreachable), "api_error");
  EXPECT_EQ(type_of(error_code::upstream_broken), "api_error");
  EXPECT_EQ(type_of(error_code::upstream_timeout), "timeout_error");
  EXPECT_EQ(type_of(error_code::internal), "api_error");
}

TEST(anthropic_api, knows_what_an_error_in_an_answer_means) {
  const auto kind = [](std::string_view type) { return anthropic_api().error_kind(type); };
  EXPECT_EQ(kind("overloaded_error"), failure_kind::overloaded);
  EXPECT_EQ(kind("rate_limit_error"), failure_kind::rate_limited);
  EXPECT_EQ(kind("authentication_error"), failure_kind::unauthorized);
  EXPECT_EQ(kind("permission_error"), failure_kind::forbidden);
  EXPECT_EQ(kind("api_error"), failure_kind::server_error);
  EXPECT_EQ(kind("timeout_error"), failure_kind::server_error);
  for (const std::string_view type : {"", "new_error", "Overloaded_Error", "overloaded"}) {
    EXPECT_EQ(kind(type), failure_kind::error_event) << type;
  }
}

TEST(anthropic_api, blames_nobody_for_the_client_s_own_mistakes) {
  for (const std::string_view type :
       {"invalid_request_error", "not_found_error", "request_too_large"}) {
    EXPECT_EQ(anthropic_api().error_kind(type), std::nullopt) << type;
  }
}

TEST(anthropic_api, escapes_whatever_an_error_says) {
  const std::string text =
      "quote \" backslash \\ line\r\n nul" + std::string(1, '\0') + " \xff \xe6";
  const auto body = anthropic_api().error_body(internal_error(error_code::internal, text), "\"\n");
  EXPECT_EQ(body.find('\n'), std::string::npos);
  const auto parsed = nlohmann::json::parse(body);
  EXPECT_EQ(parsed.at("request_id"), "\"\n");
  EXPECT_NE(parsed.at("error").at("message").get<std::string>().find("backslash \\"),
            std::string::npos);
}

TEST(anthropic_api, ends_a_stream_with_one_complete_event) {
  const auto event = anthropic_api().error_event(
      upstream_error(error_code::upstream_broken, "cut\n\ndata: x"), "req_1", answer_format::sse);
  EXPECT_EQ(event,
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":"
            "\"cut\\n\\ndata: x\"},\"request_id\":\"req_1\"}\n\n");
}

TEST(anthropic_api, inspects_what_has_a_body) {
  for (const std::string path : {"/v1/messages", "/v1/messages/count_tokens"}) {
    EXPECT_FALSE(request_sample("POST", path, "x").inspect());
    const request_sample sample("POST", path, R"({"model":"m","messages":[1],"stream":true})");
    const auto facts = sample.inspect();
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->model, "m");
    EXPECT_TRUE(facts->stream);
  }
}

TEST(anthropic_api, takes_a_session_from_the_header_of_claude_code) {
  const std::string body = R"({"model":"m","messages":[1]})";
  const request_sample named("POST", "/v1/messages", body, "X-Claude-Code-Session-Id: s\r\n");
  EXPECT_TRUE(named.session().named);
  EXPECT_FALSE(request_sample("POST", "/v1/messages", body).session().named);
}

TEST(anthropic_api, makes_the_meter_for_the_answer) {
  auto stream = anthropic_api().make_meter(answer_format::sse, {});
  stream->feed("data: {\"type\":\"message_stop\"}\n\n");
  EXPECT_TRUE(stream->complete());
  auto json = anthropic_api().make_meter(answer_format::document, {});
  json->feed("{}");
  json->finish();
  EXPECT_TRUE(json->complete());
  EXPECT_EQ(anthropic_api().service(), "claude");
}

}  // namespace
}  // namespace baton::relay
