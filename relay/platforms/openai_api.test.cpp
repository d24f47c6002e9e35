#include "relay/platforms/openai_api.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

using nlohmann::json;

const error cut = upstream_error(error_code::upstream_broken, "cut\n\ndata: x \xff");

json error_of(error_code code) {
  return json::parse(openai_chat.error_body(internal_error(code, "text"), "id")).at("error");
}

// The JSON of the one event that `text` must be.
json event_in(std::string text, std::string_view beginning) {
  EXPECT_EQ(text.substr(0, beginning.size()), beginning);
  EXPECT_EQ(text.find("\n\n"), text.size() - 2) << "one whole event";
  return json::parse(text.substr(beginning.size()));
}

TEST(openai_api, words_errors_as_openai_does) {
  EXPECT_EQ(
      openai_responses.error_body(downstream_error(error_code::unauthenticated, "no key"), ""),
      R"({"error":{"message":"no key","type":"invalid_request_error","param":null,)"
      R"("code":"invalid_api_key"}})");
}

TEST(openai_api, names_the_errors_that_clients_know) {
  const auto names = [](error_code code) {
    const auto error = error_of(code);
    return error.at("type").get<std::string>() + " " + error.at("code").dump();
  };
  EXPECT_EQ(names(error_code::malformed_request), "invalid_request_error null");
  EXPECT_EQ(names(error_code::body_too_large), "invalid_request_error null");
  EXPECT_EQ(names(error_code::permission_denied), "permission_denied \"permission_denied\"");
  EXPECT_EQ(names(error_code::not_found), "invalid_request_error \"not_found\"");
  EXPECT_EQ(names(error_code::rate_limited), "rate_limit_error \"rate_limit_exceeded\"");
  EXPECT_EQ(names(error_code::no_account), "service_unavailable \"service_unavailable\"");
  EXPECT_EQ(names(error_code::overloaded), "service_unavailable \"service_unavailable\"");
  EXPECT_EQ(names(error_code::upstream_timeout), "server_error \"upstream_timeout\"");
  EXPECT_EQ(names(error_code::upstream_broken), "server_error null");
  EXPECT_EQ(names(error_code::internal), "server_error null");
}

TEST(openai_api, knows_what_an_error_in_an_answer_means) {
  const auto kind = [](std::string_view type) { return openai_chat.error_kind(type); };
  EXPECT_EQ(kind("rate_limit_exceeded"), failure_kind::rate_limited);
  EXPECT_EQ(kind("rate_limit_error"), failure_kind::rate_limited);
  EXPECT_EQ(kind("insufficient_quota"), failure_kind::rate_limited);
  EXPECT_EQ(kind("server_error"), failure_kind::server_error);
  EXPECT_EQ(kind("server_is_overloaded"), failure_kind::overloaded);
  EXPECT_EQ(kind("invalid_api_key"), failure_kind::unauthorized);
  EXPECT_EQ(kind("authentication_error"), failure_kind::unauthorized);
  EXPECT_EQ(kind("permission_error"), failure_kind::forbidden);
  for (const std::string_view type : {"", "new_error", "Server_Error"}) {
    EXPECT_EQ(kind(type), failure_kind::error_event) << type;
  }
}

TEST(openai_api, blames_nobody_for_the_client_s_own_mistakes) {
  for (const std::string_view type :
       {"invalid_request_error", "invalid_prompt", "context_length_exceeded", "content_filter",
        "previous_response_not_found", "unsupported_value", "image_too_large"}) {
    EXPECT_EQ(openai_responses.error_kind(type), std::nullopt) << type;
  }
}

TEST(openai_api, ends_a_stream_of_responses_with_an_event_in_both_shapes) {
  const auto event =
      event_in(openai_responses.error_event(cut, "id", answer_format::sse), "event: error\ndata: ");
  EXPECT_EQ(event.at("type"), "error");
  EXPECT_EQ(event.at("message"), event.at("error").at("message"));
  EXPECT_EQ(event.at("error").at("type"), "server_error");
  EXPECT_TRUE(event.at("code").is_null() && event.at("param").is_null());
  EXPECT_EQ(event.at("sequence_number"), 0);
}

TEST(openai_api, ends_a_stream_of_chat_with_an_error_chunk) {
  const auto chunk = event_in(openai_chat.error_event(cut, "id", answer_format::sse), "data: ");
  EXPECT_EQ(chunk.at("error").at("type"), "server_error");
  EXPECT_EQ(openai_chat.error_event(cut, "id", answer_format::document), "");
  EXPECT_EQ(openai_responses.error_event(cut, "id", answer_format::document), "");
}

TEST(openai_api, reads_its_own_error_events) {
  for (const api* protocol :
       {static_cast<const api*>(&openai_responses), static_cast<const api*>(&openai_chat)}) {
    const auto meter = protocol->make_meter(answer_format::sse, {});
    meter->feed(
        protocol->error_event(internal_error(error_code::no_account, "x"), "", answer_format::sse));
    EXPECT_TRUE(meter->failed());
    EXPECT_EQ(meter->error_type(), "service_unavailable");
  }
}

TEST(openai_api, inspects_what_has_a_body_to_read) {
  for (const std::string target :
       {"/v1/responses", "/v1/responses/compact", "/v1/responses/input_tokens",
        "/v1/chat/completions", "/v1/embeddings", "/azure/responses", "/azure/embeddings"}) {
    EXPECT_FALSE(request_sample("POST", target, "x").inspect()) << target;
  }
  for (const std::string_view body : {"", "x", "{\"model\":7}"}) {
    const auto facts = request_sample("POST", "/v1/responses/resp_1/cancel", body).inspect();
    ASSERT_TRUE(facts) << body;
    EXPECT_TRUE(facts->model.empty() && !facts->stored);
  }
}

TEST(openai_api, stores_nothing_but_answers) {
  const std::string body = R"({"model":"m","input":"hi"})";
  for (const auto& [target, stored] :
       {std::pair("/v1/responses", true), std::pair("/azure/openai/responses", true),
        std::pair("/v1/responses/compact", false),
        std::pair("/openai/responses/input_tokens", false)}) {
    EXPECT_EQ(request_sample("POST", target, body).inspect().value().stored, stored) << target;
  }
}

TEST(openai_api, takes_the_deployment_in_the_path_for_the_model) {
  const request_sample sample("POST", "/azure/openai/deployments/my%2Dgpt:1/chat/completions",
                              R"({"model":"other","messages":[1]})");
  const auto facts = sample.inspect();
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->model, "my-gpt:1");
  EXPECT_FALSE(facts->model_offset);
}

TEST(openai_api, leaves_the_model_to_accounts_of_azure_only) {
  const std::string body = R"({"messages":[1],"input":"hi"})";
  EXPECT_TRUE(request_sample("POST", "/azure/chat/completions", body).inspect());
  EXPECT_TRUE(request_sample("POST", "/azure/embeddings", body).inspect());
  EXPECT_FALSE(request_sample("POST", "/azure/responses", body).inspect());
  EXPECT_FALSE(request_sample("POST", "/v1/chat/completions", body).inspect());
  EXPECT_FALSE(request_sample("POST", "/v1/embeddings", body).inspect());
}

TEST(openai_api, makes_the_meter_for_the_answer) {
  request_facts facts;
  const std::string usage_chunk = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5}}\n\n";
  const auto asked = openai_chat.make_meter(answer_format::sse, facts);
  asked->feed(usage_chunk);
  EXPECT_TRUE(asked->withheld().empty());
  facts.usage_wish = body_insertion{};
  const auto wished = openai_chat.make_meter(answer_format::sse, facts);
  wished->feed(usage_chunk);
  EXPECT_EQ(wished->withheld().size(), 1u);

  const auto document = openai_responses.make_meter(answer_format::document, facts);
  document->feed(R"({"id":"resp_1"})");
  document->finish();
  EXPECT_EQ(document->answer_id(), "resp_1");
  const auto stream = openai_responses.make_meter(answer_format::sse, facts);
  stream->feed("data: {\"type\":\"response.completed\"}\n\n");
  EXPECT_TRUE(stream->complete());
  EXPECT_EQ(openai_chat.service(), "openai");
}

}  // namespace
}  // namespace baton::relay
