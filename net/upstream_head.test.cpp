#include "net/upstream_head.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/route.hpp"

namespace baton::net {
namespace {

relay::ready_account account_at(std::string api_url, std::string api_key = "sk-ant-secret") {
  relay::account config;
  config.id = account_id("a");
  config.platform = "claude-console";
  config.name = "a";
  config.api_url = std::move(api_url);
  config.credential.api_key = std::move(api_key);
  return *relay::prepare_account(std::move(config));
}

// The head that a client's `text` becomes on its way to the account.
std::string upstream_head(const relay::ready_account& account, std::string_view text,
                          std::uint64_t body_bytes = 0) {
  request_head client;
  request_parser parser(client, 64 * 1024);
  const auto progress = parser.parse_head(text);
  EXPECT_TRUE(progress && progress->complete) << text;
  const auto match = relay::match_route(client.method, client.path);
  const relay::request_facts facts;
  const relay::outgoing_request request{.account = account,
                                        .route = *match.found,
                                        .facts = facts,
                                        .headers = client.fields,
                                        .parameter = match.parameter,
                                        .query = client.query,
                                        .model = {}};
  std::string lines;
  append_upstream_head(lines, request, client, body_bytes);
  return lines;
}

TEST(upstream_head, has_the_accounts_target_and_credential_and_the_clients_fields) {
  const auto account = account_at("https://upstream.example/api");
  EXPECT_EQ(upstream_head(account,
                          "POST /claude/v1/messages?beta=true HTTP/1.1\r\n"
                          "Host: relay.example\r\n"
                          "User-Agent: claude-cli/1.0 (external, cli)\r\n"
                          "anthropic-version: 2023-06-01\r\n"
                          "x-api-key: cr_client\r\n"
                          "authorization: Bearer cr_client\r\n"
                          "Accept-Encoding: gzip, br\r\n"
                          "Content-Type: application/json\r\n"
                          "Content-Length: 11\r\n\r\n",
                          17),
            "POST /api/v1/messages?beta=true HTTP/1.1\r\n"
            "host: upstream.example\r\n"
            "User-Agent: claude-cli/1.0 (external, cli)\r\n"
            "anthropic-version: 2023-06-01\r\n"
            "Content-Type: application/json\r\n"
            "x-api-key: sk-ant-secret\r\n"
            "accept-encoding: identity\r\n"
            "content-length: 17\r\n\r\n");
}

TEST(upstream_head, of_a_request_without_a_body_has_no_length) {
  const auto account = account_at("http://127.0.0.1:8080", "token");
  EXPECT_EQ(
      upstream_head(account, "GET /v1/responses/resp_1 HTTP/1.1\r\nHost: r\r\nAccept: */*\r\n\r\n"),
      "GET /v1/responses/resp_1 HTTP/1.1\r\n"
      "host: 127.0.0.1:8080\r\n"
      "Accept: */*\r\n"
      "Authorization: Bearer token\r\n"
      "accept-encoding: identity\r\n\r\n");
}

TEST(upstream_head, tells_the_length_of_any_body_that_follows) {
  const auto account = account_at("http://u");
  for (const std::string method : {"GET", "DELETE"}) {
    const auto request = method + " /v1/responses/resp_1 HTTP/1.1\r\nHost: r\r\n\r\n";
    EXPECT_NE(upstream_head(account, request, 3).find("content-length: 3\r\n"), std::string::npos);
    EXPECT_EQ(upstream_head(account, request).find("content-length"), std::string::npos);
  }
}

TEST(upstream_head, leaves_out_what_names_an_account_of_the_clients_own) {
  const auto head = upstream_head(account_at("http://u"),
                                  "POST /v1/messages HTTP/1.1\r\nHost: r\r\n"
                                  "OpenAI-Organization: o\r\nOpenAI-Project: p\r\n"
                                  "x-goog-user-project: g\r\nOcp-Apim-Subscription-Key: k\r\n"
                                  "openai-beta: b\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(head.find("rganization"), std::string::npos) << head;
  EXPECT_EQ(head.find("roject"), std::string::npos) << head;
  EXPECT_EQ(head.find("ubscription"), std::string::npos) << head;
  EXPECT_NE(head.find("openai-beta: b\r\n"), std::string::npos) << head;
}

TEST(upstream_head, leaves_out_what_the_connection_header_names) {
  const auto head = upstream_head(account_at("http://u"),
                                  "POST /v1/messages HTTP/1.1\r\nHost: r\r\n"
                                  "Connection: keep-alive, X-Trace\r\n"
                                  "connection: x-debug\r\n"
                                  "x-trace: 1\r\nX-Debug: 2\r\nx-kept: 3\r\nKeep-Alive: 5\r\n"
                                  "Content-Length: 0\r\n\r\n");
  EXPECT_EQ(head.find("race"), std::string::npos) << head;
  EXPECT_EQ(head.find("ebug"), std::string::npos) << head;
  EXPECT_EQ(head.find("onnection"), std::string::npos) << head;
  EXPECT_NE(head.find("x-kept: 3\r\n"), std::string::npos) << head;
}

// Naming Baton's own fields as fields of the hop must not take them away.
TEST(upstream_head, keeps_its_own_fields_whatever_the_connection_header_names) {
  const auto head = upstream_head(account_at("http://u"),
                                  "POST /v1/messages HTTP/1.1\r\nHost: r\r\n"
                                  "Connection: x-api-key, host, content-length, accept-encoding\r\n"
                                  "Content-Length: 3\r\n\r\n",
                                  3);
  EXPECT_EQ(head,
            "POST /v1/messages HTTP/1.1\r\nhost: u\r\nx-api-key: sk-ant-secret\r\n"
            "accept-encoding: identity\r\ncontent-length: 3\r\n\r\n");
}

TEST(upstream_head, never_says_that_its_body_is_chunked) {
  const auto head = upstream_head(account_at("http://u"),
                                  "POST /v1/messages HTTP/1.1\r\nHost: r\r\nTE: trailers\r\n"
                                  "Trailer: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                                  5);
  EXPECT_EQ(head.find("ransfer-"), std::string::npos) << head;
  EXPECT_EQ(head.find("railer"), std::string::npos) << head;
  EXPECT_NE(head.find("content-length: 5\r\n"), std::string::npos) << head;
}

}  // namespace
}  // namespace baton::net
