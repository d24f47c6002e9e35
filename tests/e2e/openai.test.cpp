// What OpenAI's clients need besides: usage that they did not ask for, answers that are kept
// upstream, and no WebSockets.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/relay_fixture.hpp"
#include "tests/e2e/scripted_peer.hpp"

namespace baton::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class openai : public relay_fixture {
 protected:
  void add_openai_account(const std::string& name, const mock::behaviour& script = {},
                          const std::function<void(relay::account&)>& change = {}) {
    auto named = script;
    named.header_lines += "x-answered-by: " + name + "\r\n";
    add_account(name, named, [&](relay::account& account) {
      account.platform = "openai-responses";
      if (change) change(account);
    });
  }
  static json chat(bool stream) {
    return {{"model", "gpt-5.1"},
            {"stream", stream},
            {"messages", {{{"role", "user"}, {"content", "Hello"}}}}};
  }
  raw_answer respond(const json& more = json::object()) const {
    json body{{"model", "gpt-5.1"}, {"input", "Hello"}};
    body.update(more);
    return post("/v1/responses", body.dump());
  }
  raw_answer ask(std::string_view method, const std::string& path) const {
    return test::exchange(port(), method, path, headers());
  }
  static std::string by(const raw_answer& answer) {
    return answer.header("x-answered-by").value_or("nobody");
  }
};

TEST_F(openai, usage_is_counted_and_kept_from_a_client_that_did_not_ask_for_it) {
  add_openai_account("a");
  start();
  const auto answer = post("/v1/chat/completions", chat(true).dump());
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_THAT(seen_by("a").last_body, HasSubstr(R"("include_usage":true)"));
  EXPECT_THAT(answer.body, Not(HasSubstr(R"("choices":[])")));
  EXPECT_THAT(answer.body, Not(HasSubstr("completion_tokens")));
  EXPECT_THAT(answer.body, testing::EndsWith("data: [DONE]\n\n"));
  EXPECT_EQ(test::parse_events(answer.body).size(), 15u) << "role, 12 words, reason, [DONE]";
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
}

TEST_F(openai, usage_that_was_asked_for_passes) {
  add_openai_account("a");
  start();
  auto body = chat(true);
  body["stream_options"] = {{"include_usage", true}};
  const auto answer = post("/v1/chat/completions", body.dump());
  EXPECT_THAT(answer.body, HasSubstr(R"("choices":[])"));
  EXPECT_EQ(seen_by("a").last_body, body.dump()) << "byte for byte";
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
}

TEST_F(openai, usage_is_kept_back_however_the_stream_arrives) {
  add_openai_account("a", {.byte_by_byte = true});
  add_openai_account("b", {.interval = milliseconds(1), .ping_every = 1});
  start();
  for (int n = 0; n < 4; ++n) {
    auto body = chat(true);
    body["messages"][0]["content"] = "No. " + std::to_string(n);
    body["stream_options"] = {{"include_usage", n < 2 ? json(false) : json(nullptr)}};
    const auto answer = post("/v1/chat/completions", body.dump());
    EXPECT_TRUE(answer.complete) << answer.problem;
    EXPECT_THAT(answer.body, Not(HasSubstr("completion_tokens")));
    EXPECT_EQ(test::parse_events(answer.body).size(), 15u);
  }
  EXPECT_TRUE(usage_becomes(4, {.input = 100, .output = 168}));
}

// A worker that has not heard of it yet asks around; the answer is the same.
TEST_F(openai, a_kept_answer_is_asked_for_where_it_was_made) {
  for (const auto* name : {"a", "b", "c"}) add_openai_account(name);
  start();
  for (int n = 0; n < 6; ++n) {
    const auto made = respond({{"input", "No. " + std::to_string(n)}, {"stream", n % 2 == 0}});
    ASSERT_EQ(made.status, 200) << made.body;
    const auto at = made.body.find("resp_");
    const auto id = made.body.substr(at, made.body.find('"', at) - at);
    const auto path = "/v1/responses/" + id;
    for (const auto& answer :
         {ask("GET", path), ask("GET", path + "/input_items"), ask("POST", path + "/cancel"),
          respond({{"previous_response_id", id}, {"input", "and then?"}}), ask("DELETE", path)}) {
      EXPECT_EQ(answer.status, 200) << answer.body;
      EXPECT_EQ(by(answer), by(made)) << "by the account that keeps " << id;
    }
  }
}

TEST_F(openai, a_kept_answer_is_nobody_elses) {
  settings.server.workers = 1;
  for (const auto* name : {"a", "b"}) add_openai_account(name);
  start();
  const auto made = respond();
  upstream->behave(credential(by(made)), {.status = 500});
  const auto id = json::parse(made.body)["id"].get<std::string>();
  const auto answer = respond({{"previous_response_id", id}});
  EXPECT_EQ(answer.status, 500) << "the other account does not know the answer: " << answer.body;
  EXPECT_EQ(answer.header("x-baton-attempts"), "1");
}

TEST_F(openai, a_kept_answer_is_for_the_key_that_made_it) {
  settings.server.workers = 1;
  add_openai_account("a");
  start();
  const auto stranger = add_key("stranger");
  ASSERT_TRUE(eventually(
      [&] { return test::get(port(), "/v1/key-info", headers(stranger)).status == 200; }));
  const auto id = json::parse(respond().body)["id"].get<std::string>();
  for (const std::string method : {"GET", "DELETE"}) {
    const auto refused = test::exchange(port(), method, "/v1/responses/" + id, headers(stranger));
    EXPECT_EQ(refused.status, 404) << refused.body;
  }
  const auto body = json{{"model", "m"}, {"input", "x"}, {"previous_response_id", id}}.dump();
  EXPECT_EQ(test::exchange(port(), "POST", "/v1/responses", headers(stranger), body).status, 404);
  EXPECT_EQ(upstream->stats().requests, 1u) << "nobody was asked";
  EXPECT_EQ(ask("GET", "/v1/responses/" + id).status, 200);
}

TEST_F(openai, a_body_where_none_is_expected_stays_a_body) {
  add_openai_account("a");
  start();
  const auto id = json::parse(respond().body)["id"].get<std::string>();
  const std::string smuggled = "GET /v1/responses/SMUGGLED HTTP/1.1\r\nhost: x\r\n\r\n";
  for (const std::string method : {"GET", "DELETE"}) {
    raw_client client(port());
    for (int n = 0; n < 2; ++n) {
      client.send(test::request_text(method, "/v1/responses/" + id, headers(), smuggled));
      EXPECT_GE(client.read_answer().status, 200);
      EXPECT_EQ(seen_by("a").last_body, smuggled);
    }
    client.send(message_request());  // for which there is no account
    EXPECT_EQ(client.read_answer().status, 503);
  }
  EXPECT_EQ(upstream->stats().requests, 5u);
  EXPECT_EQ(upstream->stats().malformed_requests, 0u);
}

TEST_F(openai, an_answer_nobody_is_known_to_keep_is_looked_for_everywhere) {
  for (const auto* name : {"a", "b", "c"}) add_openai_account(name);
  start();
  const auto made = respond();
  const auto path = "/v1/responses/" + json::parse(made.body)["id"].get<std::string>();
  ASSERT_TRUE(stop());
  start();  // with nothing remembered
  const auto found = ask("GET", path);
  EXPECT_EQ(found.status, 200) << found.body;
  EXPECT_EQ(by(found), by(made));
  const auto missing = ask("GET", "/v1/responses/resp_unknown");
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr("resp_unknown"));
  EXPECT_EQ(missing.header("x-baton-attempts"), "3");
  EXPECT_EQ(ask("GET", "/v1/responses/%2e%2e").status, 400);
  for (const auto* name : {"a", "b", "c"}) {
    EXPECT_EQ(metric("baton_account_state{account=\"" + std::string(name) + "\",state=\"active\"}"),
              1)
        << "nobody is to blame";
  }
}

TEST_F(openai, an_end_that_is_too_long_to_be_read_is_an_end) {
  const std::string end = R"({"type":"response.completed","response":{"id":"resp_1","output":")" +
                          std::string(9'000'000, 'x') +
                          R"(","usage":{"input_tokens":25,"output_tokens":42}}})";
  const std::string events =
      "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{}}\n\n"
      "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\"}\n\n"
      "event: response.completed\ndata: " +
      end + "\n\n";
  scripted_peer peer([&](conversation& talk) {
    talk.read_request();
    talk.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: " +
               std::to_string(events.size()) + "\r\n\r\n" + events);
    talk.read_to_end();
  });
  add_openai_account("a", {}, [&](relay::account& account) { account.api_url = peer.url(); });
  start();
  const auto answer = respond({{"stream", true}});
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_TRUE(answer.body == events) << answer.body.size();
  EXPECT_TRUE(usage_becomes(1, {.input = 25, .output = 42}));
}

TEST_F(openai, a_websocket_is_refused_so_that_clients_go_on_without) {
  start();
  for (const std::string path : {"/v1/responses", "/openai/v1/responses", "/openai/responses"}) {
    auto sent = headers();
    sent.emplace_back("connection", "Upgrade");
    sent.emplace_back("upgrade", "websocket");
    sent.emplace_back("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    const auto refused = test::exchange(port(), "GET", path, sent);
    EXPECT_EQ(refused.status, 426) << refused.body;
    EXPECT_TRUE(json::parse(refused.body)["error"].is_object()) << refused.body;
    const auto other = test::get(port(), path, headers());
    EXPECT_EQ(other.status, 405);
    EXPECT_EQ(other.header("allow"), "POST");
  }
}

TEST_F(openai, plain_clients_are_served_by_azure_too) {
  add_openai_account("first", {.status = 503},
                     [](relay::account& account) { account.priority = 10; });
  add_account("azure", {.header_lines = "x-answered-by: azure\r\n"}, [](relay::account& account) {
    account.platform = "azure-openai";
    account.deployment_name = "my-deployment";
  });
  start();
  EXPECT_EQ(by(post("/v1/chat/completions", chat(false).dump())), "azure");
  EXPECT_THAT(seen_by("azure").last_head,
              HasSubstr("POST /openai/deployments/my-deployment/chat/completions?api-version="));
  EXPECT_EQ(by(respond()), "azure");
  EXPECT_THAT(seen_by("azure").last_body, HasSubstr(R"("model":"my-deployment")"));
}

TEST_F(openai, tokens_are_counted_without_being_billed) {
  add_openai_account("a");
  start();
  const auto answer = post("/v1/responses/input_tokens", R"({"model":"gpt-5.1","input":"Hello"})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json::parse(answer.body)["input_tokens"], 25);
  EXPECT_EQ(stored_usage().requests, 0);
}

TEST_F(openai, embeddings_are_relayed_and_counted) {
  add_openai_account("a");
  start();
  const auto answer =
      post("/v1/embeddings", R"({"model":"text-embedding-3-small","input":["a","b"]})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json::parse(answer.body)["data"][0]["object"], "embedding");
  EXPECT_TRUE(usage_becomes(1, {.input = 25}));
}

}  // namespace
}  // namespace baton::e2e
