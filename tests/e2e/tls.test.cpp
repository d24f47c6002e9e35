// Upstreams behind TLS: certificates are checked, sessions resumed.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/e2e/relay_fixture.hpp"
#include "tests/e2e/scripted_peer.hpp"
#include "tests/support/test_certificates.hpp"

namespace baton::e2e {
namespace {

using testing::HasSubstr;

class tls : public relay_fixture {
 protected:
  std::unique_ptr<mock::mock_upstream> serve_with(const mock::test_certificates& made) {
    mock::upstream_options options;
    options.certificate = made.certificate;
    options.private_key = made.private_key;
    return std::make_unique<mock::mock_upstream>(options);
  }
  void trust(const std::string& authorities) {
    settings.upstream.ca_file = (files_ / "ca.pem").string();
    std::ofstream(settings.upstream.ca_file) << authorities;
  }
  // The relay trusts the usual upstream, which has a certificate now.
  void start_with_tls(const mock::behaviour& script = {}) {
    const auto made = mock::make_test_certificates();
    upstream = serve_with(made);
    trust(made.ca);
    add_account("a", script);
    settings.server.workers = 1;
    start();
  }

 private:
  test_support::temp_dir files_;
};

TEST_F(tls, carries_answers_and_streams) {
  start_with_tls({.answer_bytes = 300'000, .event_bytes = 30'000});
  EXPECT_EQ(send_message().status, 200);
  const auto stream = send_message(true);
  EXPECT_TRUE(stream.complete) << stream.problem;
  EXPECT_EQ(test::parse_events(stream.body).size(), 18u);
  const auto body = message_body_of(3'000'000);
  EXPECT_EQ(post("/v1/messages", body).status, 200);
  EXPECT_TRUE(seen_by("a").last_body == body);
  EXPECT_EQ(upstream->stats().tls_handshakes, 1u) << "the connection is kept";
}

TEST_F(tls, checks_names_as_well_as_addresses) {
  start_with_tls();
  auto account = *store().find_account("a");
  account.api_url = "https://localhost:" + std::to_string(upstream->port());
  ASSERT_TRUE(store().update_account(account));
  EXPECT_TRUE(eventually([&] {
    EXPECT_EQ(send_message().status, 200);
    return seen_by("a").last_head.find("\r\nhost: localhost:") != std::string::npos;
  }));
}

TEST_F(tls, resumes_its_session) {
  start_with_tls({.after_answer = mock::closing::announced});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(send_message(i % 2 == 0).status, 200);
  EXPECT_EQ(upstream->stats().tls_handshakes, 4u);
  EXPECT_EQ(upstream->stats().tls_sessions_resumed, 3u);
}

TEST_F(tls, trusts_nobody_it_should_not) {
  const auto good = mock::make_test_certificates();
  const auto wrong_host = mock::make_test_certificates({"elsewhere.test", "127.0.0.2"});
  const auto expired = mock::make_expired_certificates();
  const auto unknown = mock::make_test_certificates();
  trust(good.ca + wrong_host.ca + expired.ca);
  upstream = serve_with(good);
  const std::vector<std::pair<std::string, mock::test_certificates>> bad = {
      {"wrong_host", wrong_host}, {"expired", expired}, {"unknown", unknown}};
  std::vector<std::unique_ptr<mock::mock_upstream>> impostors;
  for (const auto& [name, made] : bad) {
    impostors.push_back(serve_with(made));
    const auto& impostor = *impostors.back();
    for (const bool alone : {false, true}) {
      const auto model = name + (alone ? "_alone" : "");
      const auto behind = [&](relay::account& account) {
        account.priority = 10;
        account.models = {{model, model}};
        account.api_url = impostor.url();
      };
      add_account(model, {}, behind);
      if (alone) continue;
      add_account(model + "_good", {}, [&](relay::account& account) {
        account.priority = 20;
        account.models = {{model, model}};
      });
    }
  }
  start();
  for (const auto& [name, made] : bad) {
    EXPECT_EQ(post("/v1/messages", message_body(true, name)).status, 200) << name;
    const auto refused = post("/v1/messages", message_body(false, name + "_alone"));
    EXPECT_EQ(refused.status, 502) << name;
  }
  for (const auto& impostor : impostors) EXPECT_EQ(impostor->stats().requests, 0u);
}

TEST_F(tls, does_not_take_plain_http_for_it) {
  settings.timeouts.tls_handshake = milliseconds(300);
  add_account("a", {}, [](relay::account& account) { account.api_url.replace(0, 4, "https"); });
  start();
  EXPECT_EQ(send_message().status, 502);
  EXPECT_EQ(upstream->stats().requests, 0u);
}

TEST_F(tls, a_cut_without_a_farewell_is_a_cut) {
  start_with_tls({.cut_after_events = 6});
  const auto answer = send_message(true);
  EXPECT_FALSE(answer.complete);
  EXPECT_EQ(test::parse_events(answer.body).back().name, "error");
  upstream->behave(credential("a"), {.interval = milliseconds(10), .events = 1000});
  raw_client client(port());
  client.send(message_request(true));
  client.read_until("content_block_delta");
  client.close();
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 1; }));
}

TEST_F(tls, a_stale_connection_costs_no_error) {
  start_with_tls({.after_answer = mock::closing::silent});
  raw_client client(port());
  for (int i = 0; i < 30; ++i) {
    client.send(message_request(i % 2 == 0));
    const auto answer = client.read_answer();
    ASSERT_EQ(answer.status, 200) << answer.body;
    ASSERT_TRUE(answer.complete) << answer.problem;
  }
}

TEST_F(tls, a_handshake_that_stalls_is_given_up) {
  settings.timeouts.tls_handshake = milliseconds(200);
  scripted_peer silent([](conversation& talk) { talk.read_to_end(); });
  add_account("a", {}, [&](relay::account& account) {
    account.api_url = "https://127.0.0.1:" + std::to_string(silent.port());
  });
  start();
  const auto began = steady_now();
  EXPECT_EQ(send_message().status, 502);
  EXPECT_LT(steady_now() - began, milliseconds(2000));
}

}  // namespace
}  // namespace baton::e2e
