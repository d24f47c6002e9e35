// What passes through the relay, and what must not.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class relaying : public relay_fixture {
 protected:
  void start_with_one() {
    add_account("a");
    start();
  }
  // The last head the upstream got, in lower case.
  std::string upstream_head() const { return text::to_lower(seen_by("a").last_head); }
  std::string upstream_target() const {
    const auto head = seen_by("a").last_head;
    return head.substr(0, head.find(" HTTP/1.1\r\n"));
  }
};

TEST_F(relaying, passes_a_json_answer_on) {
  start_with_one();
  const auto answer = send_message();
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.header_count("content-length"), 1u);
  const auto message = json::parse(answer.body);
  EXPECT_EQ(message["type"], "message");
  EXPECT_EQ(message["model"], "claude-sonnet-4-5");
  EXPECT_EQ(message["usage"]["output_tokens"], 42);
}

TEST_F(relaying, passes_a_stream_on_event_by_event) {
  start_with_one();
  const auto answer = send_message(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_THAT(answer.header("content-type").value_or(""), HasSubstr("text/event-stream"));
  const auto events = test::parse_events(answer.body);
  ASSERT_EQ(events.size(), 18u);
  EXPECT_EQ(events.front().name, "message_start");
  EXPECT_EQ(events[3].name, "content_block_delta");
  EXPECT_EQ(events.back().name, "message_stop");
}

TEST_F(relaying, counts_tokens) {
  start_with_one();
  const auto counted = post("/v1/messages/count_tokens", message_body());
  EXPECT_EQ(counted.status, 200);
  EXPECT_EQ(json::parse(counted.body), json({{"input_tokens", 25}}));
  EXPECT_EQ(upstream_target(), "POST /v1/messages/count_tokens");
}

TEST_F(relaying, serves_the_paths_of_version_1) {
  start_with_one();
  for (const std::string prefix : {"", "/api", "/claude", "/api/claude"}) {
    EXPECT_EQ(post(prefix + "/v1/messages", message_body()).status, 200) << prefix;
    EXPECT_EQ(upstream_target(), "POST /v1/messages") << prefix;
  }
}

TEST_F(relaying, appends_the_route_to_the_accounts_path) {
  add_account("a", {}, [](relay::account& account) { account.api_url += "/some/gateway/v1/"; });
  start();
  EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(upstream_target(), "POST /some/gateway/v1/messages");
}

TEST_F(relaying, passes_the_query_without_the_key) {
  start_with_one();
  const auto body = message_body();
  EXPECT_EQ(post("/v1/messages?beta=true&x=%20y&z", body).status, 200);
  EXPECT_EQ(upstream_target(), "POST /v1/messages?beta=true&x=%20y&z");
  const auto sent = test::exchange(port(), "POST", "/v1/messages?a=1&key=" + key() + "&b=2",
                                   {{"Content-Type", "application/json"}}, body);
  EXPECT_EQ(sent.status, 200);
  EXPECT_EQ(upstream_target(), "POST /v1/messages?a=1&b=2");
}

TEST_F(relaying, passes_the_body_byte_for_byte) {
  start_with_one();
  const std::string body =
      "  {\"unknown\" : {\"nested\":[1,2.50,-0.0,1e400,null]},\r\n\t\"model\": "
      "\"claude-sonnet-4-5\",\"max_tokens\":5 , \"messages\":[{\"role\":\"user\",\"content\":"
      "\"\\u00e4 \xc3\xa4 \xf0\x9f\x98\x80 \\ud83d\\ude00 \\/ \\\"\"}],\"metadata\":{}, "
      "\"unknown\":2 }\n\n";
  EXPECT_EQ(post("/v1/messages", body).status, 200);
  EXPECT_EQ(seen_by("a").last_body, body);
  EXPECT_THAT(upstream_head(),
              HasSubstr("content-length: " + std::to_string(body.size()) + "\r\n"));
}

TEST_F(relaying, passes_end_to_end_headers) {
  start_with_one();
  auto sent = headers();
  sent.emplace_back("anthropic-beta", "one-2025-01-01,two-2025-02-02");
  sent.emplace_back("anthropic-beta", "three-2025-03-03");
  sent.emplace_back("User-Agent", "claude-cli/2.0.14 (external, cli)");
  sent.emplace_back("x-stainless-lang", "js");
  sent.emplace_back("X-Unknown", "a\tb, \xc3\xa4");
  EXPECT_EQ(test::post_json(port(), "/v1/messages", sent, message_body()).status, 200);
  const auto head = seen_by("a").last_head;
  EXPECT_THAT(head, HasSubstr("\r\nanthropic-version: 2023-06-01\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nanthropic-beta: one-2025-01-01,two-2025-02-02\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nanthropic-beta: three-2025-03-03\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nUser-Agent: claude-cli/2.0.14 (external, cli)\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nx-stainless-lang: js\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nX-Unknown: a\tb, \xc3\xa4\r\n"));
}

TEST_F(relaying, keeps_headers_of_one_hop_to_itself) {
  start_with_one();
  auto sent = headers();
  for (const auto& [name, value] : header_list{{"Connection", "keep-alive, X-Nominated"},
                                               {"X-Nominated", "private"},
                                               {"Keep-Alive", "timeout=5"},
                                               {"TE", "trailers"},
                                               {"Trailer", "X-Sum"},
                                               {"Upgrade", "h2c"},
                                               {"Proxy-Authorization", "Basic secret"},
                                               {"Proxy-Connection", "keep-alive"},
                                               {"X-Forwarded-For", "10.1.2.3"},
                                               {"Forwarded", "for=10.1.2.3"},
                                               {"Via", "1.1 somewhere"},
                                               {"Cookie", "session=secret"},
                                               {"Accept-Encoding", "gzip, br"}}) {
    sent.emplace_back(name, value);
  }
  EXPECT_EQ(test::post_json(port(), "/v1/messages", sent, message_body()).status, 200);
  const auto head = upstream_head();
  for (const auto* name : {"connection:", "x-nominated", "keep-alive", "te:", "trailer", "upgrade",
                           "proxy-", "forwarded", "via:", "cookie", "gzip", "10.1.2.3", "expect"}) {
    EXPECT_THAT(head, Not(HasSubstr(std::string("\r\n") + name)));
    EXPECT_EQ(head.find("secret"), std::string::npos);
  }
  EXPECT_THAT(head, HasSubstr("\r\naccept-encoding: identity\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nhost: 127.0.0.1:" + std::to_string(upstream->port()) + "\r\n"));
  EXPECT_EQ(head.find("host:"), head.rfind("host:"));
}

TEST_F(relaying, takes_the_key_in_every_form_and_passes_none_on) {
  start_with_one();
  const header_list forms = {{"x-api-key", key()},
                             {"Authorization", "Bearer " + key()},
                             {"authorization", "bearer  " + key()},
                             {"api-key", key()},
                             {"x-goog-api-key", key()}};
  for (const auto& form : forms) {
    EXPECT_EQ(test::exchange(port(), "POST", "/v1/messages", {form}, message_body()).status, 200)
        << form.first;
    EXPECT_EQ(seen_by("a").last_head.find("cr_"), std::string::npos) << form.first;
    EXPECT_THAT(upstream_head(), HasSubstr("\r\nx-api-key: sk-ant-a\r\n"));
    EXPECT_EQ(upstream_head().find("authorization"), std::string::npos) << form.first;
  }
  // Two at once, as Claude Code sends them; and all of them, also in the query.
  for (const auto& first : forms) {
    for (const auto& second : forms) {
      test::exchange(port(), "POST", "/v1/messages?key=" + key(), {first, second}, message_body());
      EXPECT_EQ(seen_by("a").last_head.find("cr_"), std::string::npos)
          << first.first << " and " << second.first;
    }
  }
  EXPECT_EQ(seen_by("a").requests, forms.size() * (forms.size() + 1));
}

TEST_F(relaying, prefers_the_clients_own_key_to_foreign_credentials) {
  start_with_one();
  const header_list both = {{"Authorization", "Bearer sk-ant-oat01-of-the-client"},
                            {"x-api-key", key()}};
  EXPECT_EQ(test::exchange(port(), "POST", "/v1/messages", both, message_body()).status, 200);
  EXPECT_EQ(seen_by("a").last_head.find("of-the-client"), std::string::npos);
}

TEST_F(relaying, sends_other_credentials_as_bearer) {
  add_account("a", {}, [](relay::account& account) {
    account.credential.session_token = "session-token-1";  // wins over the API key
  });
  start();
  EXPECT_EQ(send_message().status, 200);
  const auto seen = upstream->stats();
  EXPECT_EQ(seen.credentials.at("session-token-1").requests, 1u);
  EXPECT_EQ(text::to_lower(seen.last_head).find("x-api-key"), std::string::npos);
}

TEST_F(relaying, edits_a_mapped_model_in_place) {
  add_account("a", {}, [](relay::account& account) {
    account.models = {{"claude-sonnet-4-5", "sonnet"}, {"s", "a-name-much-longer-than-it-was"}};
  });
  start();
  EXPECT_EQ(post("/v1/messages", message_body()).status, 200);
  EXPECT_EQ(seen_by("a").last_body, message_body(false, "sonnet"));
  EXPECT_EQ(post("/v1/messages", message_body(false, "s")).status, 200);
  EXPECT_EQ(seen_by("a").last_body, message_body(false, "a-name-much-longer-than-it-was"));
  const auto other = post("/v1/messages", message_body(false, "claude-opus-4-1"));
  EXPECT_EQ(other.status, 503);
  EXPECT_THAT(other.body, HasSubstr("claude-opus-4-1"));
}

TEST_F(relaying, names_every_answer) {
  add_account("a", {.header_lines = "x-ratelimit: 5\r\nset-cookie: secret=1\r\nalt-svc: h3\r\n"});
  start();
  const auto relayed = send_message();
  EXPECT_EQ(relayed.header_count("request-id"), 1u) << "the upstream's own passes";
  EXPECT_EQ(relayed.header("x-ratelimit"), "5");
  EXPECT_FALSE(relayed.header("set-cookie"));
  EXPECT_FALSE(relayed.header("alt-svc"));
  EXPECT_EQ(relayed.header_count("x-request-id"), 1u);
  EXPECT_THAT(relayed.header("x-request-id").value_or(""), testing::StartsWith("req_"));
  EXPECT_NE(relayed.header("x-request-id"), send_message().header("x-request-id"));
  EXPECT_EQ(test::get(port(), "/health").header_count("x-request-id"), 1u);
}

}  // namespace
}  // namespace baton::e2e
