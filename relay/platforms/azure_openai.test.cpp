#include "relay/platforms/azure_openai.hpp"

#include <gtest/gtest.h>

#include "relay/account_pool.test.hpp"
#include "relay/platforms/openai_api.hpp"
#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view body = R"({"model":"gpt-5.5","messages":[1],"input":"hi"})";
constexpr std::string_view bare_body = R"({"messages":[1],"input":"hi"})";
const std::string chat_version = "?api-version=2024-10-21";
const std::string responses_version = "?api-version=2025-04-01-preview";

account usable() {
  account config;
  config.id = account_id("1");
  config.platform = "azure-openai";
  config.api_url = "https://r.openai.azure.com";
  config.credential.api_key = "secret";
  return config;
}

template <class Change>
ready_account with(Change change) {
  account config = usable();
  change(config);
  return prepare_account(std::move(config)).value();
}
ready_account plain() {
  return with([](account&) {});
}

std::string target_of(const ready_account& to, const std::string& target,
                      std::string_view sent = body, std::string_view method = "POST") {
  return request_sample(method, target, sent).target(to);
}

TEST(azure_openai, answers_azures_paths_and_openais) {
  const auto* platform = find_platform("azure-openai");
  ASSERT_NE(platform, nullptr);
  for (const api* protocol :
       {static_cast<const api*>(&openai_responses), static_cast<const api*>(&azure_responses),
        static_cast<const api*>(&openai_chat), static_cast<const api*>(&azure_chat)}) {
    EXPECT_TRUE(platform->answers(*protocol));
  }
  EXPECT_FALSE(platform->answers(anthropic_api()));
}

TEST(azure_openai, needs_the_resources_address) {
  account config = usable();
  config.api_url = "";
  EXPECT_EQ(prepare_account(config).error().text, "apiUrl is required");
}

TEST(azure_openai, takes_the_address_with_azures_part_of_the_path) {
  for (const std::string behind : {"", "/", "/openai", "/openai/", "/openai/v1",
                                   "/openai/responses", "/openai/deployments/d/chat/completions"}) {
    const auto ready = with([&](account& config) { config.api_url += "/p" + behind; });
    EXPECT_EQ(target_of(ready, "/azure/responses"), "/p/openai/responses" + responses_version);
  }
  const auto gateway = with([](account& config) { config.api_url += "/openai/gateway"; });
  EXPECT_EQ(gateway.target.base_path, "/openai/gateway");
}

TEST(azure_openai, sends_a_key_in_azures_header_and_a_token_as_bearer) {
  EXPECT_EQ(plain().credential_lines, "api-key: secret\r\n");
  EXPECT_EQ(with([](account& config) { config.credential.session_token = "t"; }).credential_lines,
            "Authorization: Bearer t\r\n");
  account config = usable();
  config.credential.api_key = "secret\r\nx: y";
  EXPECT_TRUE(prepare_account(config).error().text.starts_with("apiKey "));
  config.credential.api_key = "";
  EXPECT_TRUE(prepare_account(config).error().text.starts_with("apiKey "));
}

TEST(azure_openai, addresses_the_deployment_that_the_path_names) {
  const std::string path = "/azure/openai/deployments/my-gpt/chat/completions";
  EXPECT_EQ(target_of(plain(), path), "/openai/deployments/my-gpt/chat/completions" + chat_version);
  EXPECT_EQ(target_of(plain(), "/azure/openai/deployments/a%2Fb%3F:c/embeddings"),
            "/openai/deployments/a%2Fb%3F%3Ac/embeddings" + chat_version);
}

TEST(azure_openai, addresses_the_model_of_the_body_where_the_path_names_none) {
  const std::string chat = "/openai/deployments/gpt-5.5/chat/completions" + chat_version;
  for (const std::string path :
       {"/azure/chat/completions", "/v1/chat/completions", "/api/v1/chat/completions"}) {
    EXPECT_EQ(target_of(plain(), path), chat) << path;
  }
  EXPECT_EQ(target_of(plain(), "/v1/embeddings"),
            "/openai/deployments/gpt-5.5/embeddings" + chat_version);
  EXPECT_EQ(target_of(plain(), "/v1/responses/compact"),
            "/openai/responses/compact" + responses_version);
}

TEST(azure_openai, prefers_the_mapped_deployment_then_the_accounts_own) {
  const std::string path = "/azure/openai/deployments/gpt-5.5/chat/completions";
  const auto own = with([](account& config) { config.deployment_name = "own"; });
  const auto mapped = with([](account& config) {
    config.deployment_name = "own";
    config.models = {{"gpt-5.5", "mapped"}};
  });
  EXPECT_EQ(target_of(own, path), "/openai/deployments/own/chat/completions" + chat_version);
  EXPECT_EQ(target_of(mapped, path), "/openai/deployments/mapped/chat/completions" + chat_version);
  EXPECT_EQ(target_of(own, "/azure/chat/completions", bare_body),
            "/openai/deployments/own/chat/completions" + chat_version);
}

TEST(azure_openai, names_the_deployment_as_the_model_in_bodies) {
  const auto own = with([](account& config) { config.deployment_name = "own"; });
  const std::string renamed = R"({"model":"own","messages":[1],"input":"hi"})";
  EXPECT_EQ(request_sample("POST", "/azure/responses", body).edited_body(own), renamed);
  EXPECT_EQ(request_sample("POST", "/v1/responses", body).edited_body(own), renamed);
  EXPECT_EQ(request_sample("POST", "/v1/responses", body).edited_body(plain()), body);
  const request_sample deployed("POST", "/azure/openai/deployments/d/embeddings", body);
  EXPECT_EQ(deployed.edited_body(own), body) << "the path decides";
}

TEST(azure_openai, asks_for_kept_answers_by_their_id) {
  const auto own = with([](account& config) { config.deployment_name = "own"; });
  EXPECT_EQ(target_of(own, "/azure/openai/responses/resp%5F1/cancel", ""),
            "/openai/responses/resp%5F1/cancel" + responses_version);
  EXPECT_EQ(target_of(own, "/v1/responses/resp_1", "", "DELETE"),
            "/openai/responses/resp_1" + responses_version);
}

TEST(azure_openai, takes_the_clients_version_then_the_accounts) {
  const auto own = with([](account& config) { config.api_version = "2023-05-15"; });
  EXPECT_EQ(target_of(own, "/azure/responses"), "/openai/responses?api-version=2023-05-15");
  EXPECT_EQ(target_of(own, "/azure/responses?a=b&api-version=2025-03-01-preview&&c"),
            "/openai/responses?api-version=2025-03-01-preview&a=b&c");
  EXPECT_EQ(target_of(own, "/azure/responses?api-version=&x=api-version"),
            "/openai/responses?api-version=2023-05-15&x=api-version");
  EXPECT_EQ(target_of(plain(), "/azure/responses?api-version"),
            "/openai/responses" + responses_version);
  EXPECT_EQ(target_of(own, "/azure/responses?api%2Dversion=preview&API-Version=2024-02-01&a"),
            "/openai/responses?api-version=preview&a")
      << "Azure must not find two";
}

TEST(azure_openai, streams_chats_in_a_version_that_tells_their_usage) {
  const std::string stream = R"({"model":"m","stream":true,"messages":[1]})";
  const std::string path = "/azure/openai/deployments/m/chat/completions";
  const auto version_for = [&](const std::string& asked, std::string_view sent) {
    const request_sample sample("POST", path + "?api-version=" + asked, sent);
    const auto target = sample.target(plain());
    return target.substr(target.find('=') + 1);
  };
  for (const std::string version :
       {"2024-09-01-preview", "2024-10-21", "preview", "2024%2D10-21"}) {
    EXPECT_EQ(version_for(version, stream), version);
  }
  for (const std::string version :
       {"2024-02-01", "2023-05-15", "2024-08-01-preview", "%32024-02-01", "2024%2D02-01"}) {
    EXPECT_EQ(version_for(version, stream), "2024-09-01-preview") << version;
    EXPECT_EQ(version_for(version, bare_body), version) << "no stream";
    EXPECT_EQ(version_for(version, R"({"stream":true,"messages":[1],"stream_options":)"
                                   R"({"include_usage":true}})"),
              version)
        << "the client's own wish";
  }
}

TEST(azure_openai, wishes_for_usage_whatever_the_version) {
  const std::string stream = R"({"model":"m","stream":true,"messages":[1]})";
  const auto mapped = with([](account& config) {
    config.api_version = "2023-05-15";
    config.models = {{"m", "d"}};
  });
  const request_sample sample("POST", "/azure/chat/completions", stream);
  EXPECT_EQ(
      sample.edited_body(mapped),
      R"({"stream_options":{"include_usage":true},"model":"d","stream":true,"messages":[1]})");
  EXPECT_EQ(sample.target(mapped),
            "/openai/deployments/d/chat/completions?api-version=2024-09-01-preview");
}

TEST(azure_openai, takes_a_request_without_a_model_only_with_a_deployment_of_its_own) {
  using namespace pool_test;
  const auto make_azure = [](const std::string& id, const std::string& deployment) {
    return make_with(id, [&](account& config) {
      config.platform = "azure-openai";
      config.deployment_name = deployment;
    });
  };
  account_pool pool;
  pool.replace({make_azure("a", "")});
  auto request = any_request();
  request.protocol = &azure_chat;
  EXPECT_EQ(refusal(pool, request).code, error_code::malformed_request);
  EXPECT_TRUE(refusal(pool, request).text.starts_with("model: Field required"));
  request.model = "gpt-5.5";
  EXPECT_EQ(chosen(pool, request), "a");
  request.model = "";
  request.protocol = &azure_responses;
  EXPECT_EQ(chosen(pool, request), "a") << "an answer that is kept";

  pool.replace({make_azure("a", ""), make_azure("b", "own")});
  request.protocol = &azure_chat;
  EXPECT_EQ(chosen(pool, request), "b");
  EXPECT_EQ(chosen(pool, request), "b");
}

TEST(azure_openai, reads_errors_as_azure_words_them) {
  const header_lines headers("retry-after-ms: 1500\r\n");
  const request_sample chat("POST", "/azure/chat/completions", body);
  const request_sample kept("GET", "/azure/openai/responses/resp_1");
  const auto read = [&](int status, std::string_view text, const request_sample& sample) {
    return plain().platform->read_error(sample.route(), {status, headers, text});
  };
  constexpr std::string_view no_deployment =
      R"({"error":{"code":"DeploymentNotFound","type":"invalid_request_error","message":"x"}})";
  EXPECT_EQ(read(404, no_deployment, chat).status, 403);
  EXPECT_EQ(read(404, R"({"error":{"code":"404"}})", chat).status, 404);
  EXPECT_EQ(read(408, "", chat).status, 504);
  EXPECT_EQ(read(401, R"({"statusCode":401})", chat).status, 401);
  EXPECT_EQ(read(429, R"({"error":{"code":"429"}})", chat).wait, std::chrono::seconds(2));
  EXPECT_TRUE(read(404, "", kept).not_here);
  EXPECT_FALSE(read(404, no_deployment, chat).not_here);
}

}  // namespace
}  // namespace baton::relay
