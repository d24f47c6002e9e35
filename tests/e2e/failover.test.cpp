// An account that fails costs the client nothing while another one works.
#include <gmock/gmock.h>

#include "tests/e2e/relay_fixture.hpp"
#include "tests/e2e/scripted_peer.hpp"

namespace baton::e2e {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

class failover : public relay_fixture {
 protected:
  // The account that is tried first, and one that works.
  void start_with_failing(const mock::behaviour& script) {
    add_account("first", script, with_priority(10));
    add_account("second", {}, with_priority(20));
    start();
  }
  static std::function<void(relay::account&)> with_priority(int priority) {
    return [priority](relay::account& account) { account.priority = priority; };
  }
  void expect_one_clean_answer(bool stream) {
    const auto answer = send_message(stream);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.complete) << answer.problem;
    if (stream) {
      const auto events = test::parse_events(answer.body);
      EXPECT_EQ(events.size(), 18u);
    }
  }
};

// Each pair of accounts serves a model of its own, so that one relay is enough for all of them.
TEST_F(failover, takes_the_next_account_for_every_failure_of_the_first) {
  const std::vector<std::pair<std::string, mock::behaviour>> failures = {
      {"401", {.status = 401}},
      {"403", {.status = 403}},
      {"429", {.status = 429}},
      {"500", {.status = 500}},
      {"502", {.status = 502}},
      {"503", {.status = 503}},
      {"504", {.status = 504}},
      {"529", {.status = 529}},
      {"connect", {}},
      {"slow-error", {.status = 500, .delay = milliseconds(30), .byte_by_byte = true}}};
  std::vector<std::string> models;
  for (const auto& [name, script] : failures) {
    for (const std::string kind : {"-json", "-stream"}) {
      const auto model = name + kind;
      const auto serving = [&](int priority) {
        return [model, priority](relay::account& account) {
          account.models = {{model, model}};
          account.priority = priority;
        };
      };
      const auto failing = add_account(model + "-a", script, serving(10));
      if (name == "connect") {
        auto unreachable = failing;
        unreachable.api_url = "http://127.0.0.1:" + std::to_string(refusing_port());
        ASSERT_TRUE(store().update_account(unreachable));
      }
      add_account(model + "-b", {}, serving(20));
      models.push_back(model);
    }
  }
  start();
  for (const auto& model : models) {
    const bool stream = model.ends_with("-stream");
    const auto answer = post("/v1/messages", message_body(stream, model));
    EXPECT_EQ(answer.status, 200) << model;
    EXPECT_TRUE(answer.complete) << model << answer.problem;
    EXPECT_THAT(answer.body, HasSubstr("\"" + model + "\""));
    EXPECT_EQ(seen_by(model + "-b").requests, 1u) << model;
    EXPECT_EQ(seen_by(model + "-a").requests, model.starts_with("connect") ? 0u : 1u) << model;
  }
  EXPECT_TRUE(metric_becomes("baton_failovers_total{reason=\"connect\"}", 2));
  EXPECT_TRUE(metric_becomes("baton_failovers_total{reason=\"rate_limited\"}", 2));
}

TEST_F(failover, leaves_an_account_alone_that_asked_for_it) {
  start_with_failing({.status = 429, .header_lines = "retry-after: 60\r\n"});
  for (int i = 0; i < 5; ++i) expect_one_clean_answer(i % 2 == 0);
  EXPECT_EQ(seen_by("first").requests, 1u);
  EXPECT_TRUE(metric_becomes("baton_account_state{account=\"first\",state=\"rate_limited\"}", 1));
}

TEST_F(failover, moves_a_stream_that_broke_before_its_head) {
  for (const auto how : {mock::ending::fin, mock::ending::rst}) {
    SCOPED_TRACE(how == mock::ending::fin ? "fin" : "rst");
    const std::string name = how == mock::ending::fin ? "fin" : "rst";
    add_account(name, {.cut_after_bytes = 0, .cut_with = how}, with_priority(10));
  }
  add_account("garbage", {.garbage = true}, with_priority(10));
  add_account("second", {}, with_priority(20));
  start();
  expect_one_clean_answer(true);
  EXPECT_EQ(seen_by("second").requests, 1u);
}

// It may have been answered and billed; see relay/verdict.cpp.
TEST_F(failover, does_not_ask_twice_for_an_answer_that_is_not_streamed) {
  start_with_failing({.cut_after_bytes = 0, .cut_with = mock::ending::rst});
  const auto answer = send_message();
  EXPECT_EQ(answer.status, 502);
  EXPECT_THAT(answer.body, HasSubstr("\"type\":\"error\""));
  EXPECT_EQ(seen_by("first").requests, 1u);
  EXPECT_EQ(seen_by("second").requests, 0u);
}

TEST_F(failover, passes_the_clients_own_mistakes_on) {
  for (const int status : {400, 404, 413, 422}) {
    const auto name = "first-" + std::to_string(status);
    add_account(name, {.status = status}, [&](relay::account& account) {
      account.priority = 10;
      account.models = {{name, name}};
    });
  }
  add_account("second", {}, with_priority(20));
  start();
  for (const int status : {400, 404, 413, 422}) {
    const auto model = "first-" + std::to_string(status);
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(post("/v1/messages", message_body(false, model)).status, status);
    }
    EXPECT_EQ(seen_by(model).requests, 2u) << "nobody is blamed";
  }
  EXPECT_EQ(seen_by("second").requests, 0u);
}

TEST_F(failover, passes_the_last_error_on_when_all_fail) {
  add_account("first", {.status = 500}, with_priority(10));
  add_account("last", {.status = 529, .header_lines = "retry-after: 17\r\n"}, with_priority(20));
  start();
  for (const bool stream : {false, true}) {
    const auto answer = send_message(stream);
    EXPECT_TRUE(answer.complete) << answer.problem;
    if (!stream) {
      EXPECT_EQ(answer.status, 529);
      EXPECT_EQ(answer.header("retry-after"), "17");
      EXPECT_THAT(answer.body, HasSubstr("overloaded_error"));
    } else {
      EXPECT_EQ(answer.status, 500) << "the other one is left alone now";
    }
  }
}

TEST_F(failover, says_nothing_of_the_accounts_credential) {
  add_account("only", {.status = 401});
  start();
  const auto answer = send_message();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("x-should-retry"), "false");
  EXPECT_EQ(answer.body.find("invalid x-api-key"), std::string::npos);
  // Every worker hears of it, each in its own time.
  EXPECT_TRUE(eventually([&] { return send_message().header("retry-after").has_value(); }));
  EXPECT_LE(seen_by("only").requests, 2u);
}

// Google has no 401 for that.
TEST_F(failover, says_nothing_of_a_credential_that_google_refuses) {
  add_account("only",
              {.status = 400,
               .body = R"({"error":{"code":400,"message":"API key not valid.","status":)"
                       R"("INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/)"
                       R"(google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}})"},
              [](relay::account& account) { account.platform = "gemini-api"; });
  start();
  const auto answer =
      post("/v1beta/models/gemini-2.5-pro:generateContent", R"({"contents":[{"parts":[]}]})");
  EXPECT_EQ(answer.status, 503) << answer.body;
  EXPECT_EQ(answer.body.find("not valid"), std::string::npos);
  EXPECT_EQ(answer.header("x-baton-retried").value_or(""), "");
}

TEST_F(failover, answers_502_when_nobody_can_be_reached) {
  for (const auto* name : {"a", "b"}) {
    add_account(name, {}, [](relay::account& account) {
      account.api_url = "http://127.0.0.1:" + std::to_string(refusing_port());
    });
  }
  start();
  const auto answer = send_message();
  EXPECT_EQ(answer.status, 502);
  EXPECT_THAT(answer.body, HasSubstr("\"type\":\"error\""));
  EXPECT_EQ(send_message().status, 503) << "now both are left alone for a while";
  EXPECT_EQ(test::get(port(), "/health/ready").status, 503);
}

TEST_F(failover, answers_503_without_any_account) {
  start();
  const auto answer = send_message();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("x-should-retry"), "false");
  EXPECT_EQ(test::get(port(), "/health").status, 200);
  EXPECT_EQ(test::get(port(), "/health/ready").status, 503);
}

TEST_F(failover, ends_after_five_tries) {
  for (int i = 0; i < 8; ++i) add_account("a" + std::to_string(i), {.status = 500});
  start();
  EXPECT_EQ(send_message().status, 500);
  EXPECT_EQ(upstream->stats().requests, 5u);
}

TEST_F(failover, a_name_that_does_not_resolve_is_a_failure_to_connect) {
  add_account("first", {}, [](relay::account& account) {
    account.priority = 10;
    account.api_url = "http://no-such-host.invalid";
  });
  add_account("second", {}, with_priority(20));
  start();
  expect_one_clean_answer(false);
}

TEST_F(failover, a_stale_connection_costs_no_error) {
  add_account("a", {.after_answer = mock::closing::silent});
  start();
  const auto answers = at_once(8, [&](std::size_t thread) {
    raw_client client(port());
    raw_answer last;
    for (int i = 0; i < 30; ++i) {
      client.send(message_request((thread + i) % 2 == 0));
      last = client.read_answer();
      if (last.status != 200 || !last.complete) break;
    }
    return last;
  });
  for (const auto& answer : answers) EXPECT_EQ(answer.status, 200) << answer.problem << answer.body;
  EXPECT_EQ(seen_by("a").answers_completed, 240u);
}

TEST_F(failover, a_connection_closed_while_idle_costs_no_error) {
  settings.server.workers = 1;
  add_account("a", {.idle_close = milliseconds(3)});
  start();
  raw_client client(port());
  for (int i = 0; i < 60; ++i) {
    // Sent when the upstream is just about to close, sooner or later than it.
    client.silent_for(milliseconds(i % 5 + 1));
    client.send(message_request(i % 2 == 0));
    const auto answer = client.read_answer();
    ASSERT_EQ(answer.status, 200) << i << answer.body;
    ASSERT_TRUE(answer.complete) << i << answer.problem;
  }
  upstream->close_connections(mock::ending::rst);
  client.send(message_request());
  EXPECT_EQ(client.read_answer().status, 200);
}

}  // namespace
}  // namespace baton::e2e
