#include "relay/platforms/openai_routes.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/platforms/openai_api.hpp"

namespace baton::relay {
namespace {

void expect_route(std::string_view method, const std::string& path, operation op,
                  const api& protocol, std::string_view upstream, std::string_view label,
                  std::string_view parameter = "") {
  const auto match = match_route(method, path);
  ASSERT_NE(match.found, nullptr) << method << " " << path;
  EXPECT_EQ(match.found->op, op) << path;
  EXPECT_EQ(match.protocol, &protocol) << path;
  EXPECT_EQ(upstream_path(*match.found, match.parameter), upstream) << path;
  EXPECT_EQ(match.found->label, label) << path;
  EXPECT_EQ(match.parameter, parameter) << path;
}

TEST(openai_routes, know_responses_under_every_prefix) {
  for (const std::string base : {"/v1/responses", "/openai/v1/responses", "/openai/responses"}) {
    expect_route("POST", base, operation::generate, openai_responses, "/v1/responses", "responses");
    expect_route("POST", base + "/compact", operation::generate, openai_responses,
                 "/v1/responses/compact", "responses");
    expect_route("POST", base + "/input_tokens", operation::count_tokens, openai_responses,
                 "/v1/responses/input_tokens", "responses");
    expect_route("GET", base, operation::websocket, openai_responses, "", "responses");
    for (const std::string method : {"GET", "DELETE"}) {
      expect_route(method, base + "/resp_1", operation::stored_answer, openai_responses,
                   "/v1/responses/resp_1", "stored_response", "resp_1");
    }
    expect_route("POST", base + "/resp_1/cancel", operation::stored_answer, openai_responses,
                 "/v1/responses/resp_1/cancel", "stored_response", "resp_1");
    expect_route("GET", base + "/resp_1/input_items", operation::stored_answer, openai_responses,
                 "/v1/responses/resp_1/input_items", "stored_response", "resp_1");
    EXPECT_EQ(match_route("GET", base + "/resp_1/cancel").allow, "POST");
    EXPECT_EQ(match_route("PUT", base).allow, "POST, GET");
    EXPECT_EQ(match_route("PUT", base + "/resp_1").allow, "GET, DELETE");
    EXPECT_EQ(match_route("GET", base + "/a/b").found, nullptr);
  }
}

TEST(openai_routes, know_chat_and_embeddings) {
  for (const std::string prefix : {"/v1", "/openai/v1", "/openai", "/api/v1"}) {
    expect_route("POST", prefix + "/chat/completions", operation::generate, openai_chat,
                 "/v1/chat/completions", "chat_completions");
    expect_route("POST", prefix + "/embeddings", operation::embed, openai_chat, "/v1/embeddings",
                 "embeddings");
  }
}

TEST(openai_routes, know_the_models_that_are_told_here) {
  for (const std::string base : {"/openai/v1/models", "/openai/models"}) {
    expect_route("GET", base, operation::list_models, openai_chat, "", "models");
    expect_route("GET", base + "/org/model:1", operation::show_model, openai_chat, "", "models",
                 "org/model:1");
  }
  for (const std::string path : {"/azure/openai/models", "/azure/models"}) {
    expect_route("GET", path, operation::list_models, azure_chat, "", "models");
  }
}

TEST(openai_routes, know_azures_paths) {
  for (const std::string prefix : {"/azure", ""}) {
    const std::string deployment = prefix + "/openai/deployments/my%2Dgpt";
    expect_route("POST", deployment + "/chat/completions", operation::generate, azure_chat,
                 "/openai/deployments/my%2Dgpt/chat/completions", "chat_completions", "my%2Dgpt");
    expect_route("POST", deployment + "/embeddings", operation::embed, azure_chat,
                 "/openai/deployments/my%2Dgpt/embeddings", "embeddings", "my%2Dgpt");
  }
  for (const std::string path : {"/azure/openai/responses", "/azure/responses"}) {
    expect_route("POST", path, operation::generate, azure_responses, "/openai/responses",
                 "responses");
  }
  for (const std::string method : {"GET", "DELETE"}) {
    expect_route(method, "/azure/openai/responses/resp_1", operation::stored_answer,
                 azure_responses, "/openai/responses/resp_1", "stored_response", "resp_1");
  }
  expect_route("POST", "/azure/openai/responses/resp_1/cancel", operation::stored_answer,
               azure_responses, "/openai/responses/resp_1/cancel", "stored_response", "resp_1");
  const auto chat = match_route("POST", "/azure/chat/completions");
  ASSERT_NE(chat.found, nullptr);
  EXPECT_EQ(chat.protocol, &azure_chat);
  EXPECT_EQ(match_route("POST", "/azure/embeddings").found->op, operation::embed);
}

TEST(openai_routes, refuse_unknown_paths_in_openais_words) {
  EXPECT_EQ(match_route("POST", "/openai/v1/files").protocol, &openai_chat);
  EXPECT_EQ(match_route("POST", "/azure/files").protocol, &azure_chat);
  EXPECT_EQ(match_route("POST", "/openai/v1/files").found, nullptr);
}

}  // namespace
}  // namespace baton::relay
