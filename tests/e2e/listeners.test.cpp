// Where clients and administrators come in: TLS with certificates that change, and an address of
// its own for what is not for clients.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/e2e/relay_fixture.hpp"
#include "tests/support/test_certificates.hpp"
#include "tests/support/tls_client.hpp"

namespace baton::e2e {
namespace {

using mock::make_test_certificates;
using test::tls_client;
using testing::HasSubstr;
using testing::StartsWith;

const std::string message_route = "/v1/messages";

class listeners : public relay_fixture {
 protected:
  struct pem_files {
    std::string certificate, key;
  };

  pem_files put(const mock::test_certificates& made, const std::string& name) const {
    const pem_files files{(files_ / (name + ".pem")).string(), (files_ / (name + ".key")).string()};
    replace(files.certificate, made.certificate);
    replace(files.key, made.private_key);
    return files;
  }
  // As a whole, as tools that renew certificates do.
  void replace(const std::string& path, const std::string& content) const {
    const auto fresh = (files_ / "fresh").string();
    std::ofstream(fresh, std::ios::binary) << content;
    std::filesystem::rename(fresh, path);
  }
  void serve_tls(const mock::test_certificates& made) {
    const auto files = put(made, "server");
    settings.server.tls_cert_file = files.certificate;
    settings.server.tls_key_file = files.key;
  }
  void separate_admin() { settings.admin.listen = "127.0.0.1:0"; }

  raw_answer over_tls(const std::string& request, const std::string& ca, std::uint16_t to) const {
    tls_client client(to, ca);
    client.send(request);
    return client.read_answer();
  }
  raw_answer health_over_tls(const std::string& ca, std::uint16_t to) const {
    return over_tls(test::request_text("GET", "/health", {}), ca, to);
  }
  bool is_shown(const mock::test_certificates& made) const {
    try {
      return health_over_tls(made.ca, port()).status == 200;
    } catch (const boost::system::system_error&) {
      return false;
    }
  }
  double count_of(const std::string& ca, const std::string& sample) const {
    const auto answer = over_tls(test::request_text("GET", "/metrics", {}), ca, admin_port());
    const auto wanted = '\n' + sample + ' ';
    const auto found = answer.body.find(wanted);
    return found == std::string::npos ? 0 : std::stod(answer.body.substr(found + wanted.size()));
  }
  std::string refusal() const {
    const auto started = app::server::start(settings);
    return started ? "it has started" : started.error().text;
  }

  test_support::temp_dir files_;
};

TEST_F(listeners, over_tls_relay_answers_and_streams) {
  const auto made = make_test_certificates();
  serve_tls(made);
  add_account("a", {.answer_bytes = 300'000, .event_bytes = 30'000});
  start();
  tls_client client(port(), made.ca);
  for (int round = 0; round < 2; ++round) {
    client.send(message_request());
    const auto answer = client.read_answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_GT(answer.body.size(), 300'000u);
    client.send(message_request(true));
    const auto stream = client.read_answer();
    EXPECT_TRUE(stream.complete) << stream.problem;
    EXPECT_EQ(test::parse_events(stream.body).size(), 18u);
  }
  const auto body = message_body_of(3'000'000);
  client.send(message_request(false, body));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(seen_by("a").last_body == body);
}

TEST_F(listeners, over_tls_pass_each_event_on_when_it_comes) {
  const auto made = make_test_certificates();
  serve_tls(made);
  add_account("a", {.interval = milliseconds(20), .events = 1000});
  start();
  tls_client client(port(), made.ca);
  client.send(message_request(true));
  client.read_until("content_block_delta");
  client.read_until("content_block_delta");
  client.close();
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) { return seen.client_aborts == 1; }));
}

TEST_F(listeners, over_tls_say_when_they_end) {
  const auto made = make_test_certificates();
  serve_tls(made);
  add_account("a");
  start();
  tls_client last(port(), made.ca);
  last.send("GET /health HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(last.read_answer().status, 200);
  EXPECT_EQ(last.read_some(), "");
  EXPECT_TRUE(last.ended_properly());
  tls_client idle(port(), made.ca);
  idle.send(test::request_text("GET", "/health", {}));
  EXPECT_EQ(idle.read_answer().status, 200);
  raw_client silent(port());
  EXPECT_TRUE(stop()) << "handshakes that have not been made do not delay it";
  EXPECT_EQ(idle.read_some(), "");
  EXPECT_TRUE(idle.ended_properly());
}

// To a client of HTTP/1.0 the end of the connection is the end of the answer.
TEST_F(listeners, over_tls_tell_a_whole_answer_from_a_cut_one) {
  const auto made = make_test_certificates();
  serve_tls(made);
  add_account("a");
  start();
  auto request = message_request(true);
  request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
  for (const bool cut : {false, true}) {
    if (cut) upstream->behave(credential("a"), {.cut_after_events = 6});
    tls_client client(port(), made.ca);
    client.send(request);
    EXPECT_EQ(client.read_answer().status, 200);
    EXPECT_EQ(client.ended_properly(), !cut);
  }
}

TEST_F(listeners, over_tls_have_no_answer_for_plain_http) {
  const auto made = make_test_certificates();
  serve_tls(made);
  start();
  raw_client plain(port());
  plain.send(test::request_text("GET", "/health", {}));
  EXPECT_EQ(plain.read_until("HTTP").find("HTTP"), std::string::npos);
  EXPECT_NE(plain.read_to_end(), test::peer_end::open);
  EXPECT_TRUE(
      eventually([&] { return count_of(made.ca, "baton_tls_handshake_failures_total") == 1; }));
}

TEST_F(listeners, show_a_certificate_that_was_replaced_to_new_clients) {
  settings.server.workers = 3;
  const auto first = make_test_certificates();
  const auto second = make_test_certificates();
  serve_tls(first);
  add_account("a");
  start();
  tls_client running(port(), first.ca);
  serve_tls(second);
  EXPECT_TRUE(eventually([&] { return is_shown(second); })) << "it is noticed";
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(is_shown(second)) << "on every worker";
  EXPECT_FALSE(is_shown(first));
  running.send(message_request());
  EXPECT_EQ(running.read_answer().status, 200) << "connections go on";
}

TEST_F(listeners, keep_their_certificate_when_the_new_one_cannot_be_used) {
  const auto first = make_test_certificates();
  const auto second = make_test_certificates();
  serve_tls(first);
  start();
  const auto fails_to_reload = [&] {
    const auto failures = [&] {
      return count_of(
          first.ca,
          R"(baton_certificate_reloads_total{result="failed",setting="server.tls_cert_file"})");
    };
    const auto before = failures();
    reload_files();
    return eventually([&] { return failures() > before; });
  };
  replace(settings.server.tls_key_file, second.private_key);
  EXPECT_TRUE(fails_to_reload()) << "the key is another certificate's";
  std::filesystem::remove(settings.server.tls_cert_file);
  EXPECT_TRUE(fails_to_reload());
  EXPECT_TRUE(is_shown(first));
  serve_tls(second);
  reload_files();
  EXPECT_TRUE(eventually([&] { return is_shown(second); }));
}

TEST_F(listeners, do_not_start_with_files_that_cannot_be_used) {
  const auto made = make_test_certificates();
  serve_tls(made);
  const auto good = settings.server;
  settings.server.tls_cert_file = (files_ / "missing").string();
  EXPECT_EQ(refusal(),
            "server.tls_cert_file: " + settings.server.tls_cert_file + " cannot be read");
  settings.server = good;
  settings.server.tls_key_file = settings.server.tls_cert_file;
  EXPECT_THAT(refusal(), StartsWith("server.tls_cert_file: "));
  EXPECT_THAT(refusal(), HasSubstr("the private key cannot be used: "));
  settings.server = good;
  separate_admin();
  settings.admin.tls_cert_file = good.tls_key_file;
  settings.admin.tls_key_file = good.tls_key_file;
  EXPECT_THAT(refusal(), StartsWith("admin.tls_cert_file: "));
  settings.admin = {};
  settings.admin.listen = "127.0.0.1:" + std::to_string(upstream->port());
  EXPECT_THAT(refusal(), StartsWith("admin.listen: cannot listen on 127.0.0.1:"));
}

TEST_F(listeners, of_the_relay_and_the_administration_answer_their_own) {
  separate_admin();
  add_account("a");
  start();
  ASSERT_NE(admin_port(), port());
  EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(test::get(admin_port(), "/metrics").status, 200);
  EXPECT_EQ(test::get(port(), "/metrics").status, 404);
  EXPECT_EQ(post("/metrics", "").status, 404) << "and not that there is another method";
  for (const auto method : {"GET", "POST"}) {
    const auto answer = test::exchange(admin_port(), method, message_route, headers(), "{}");
    EXPECT_EQ(answer.status, 404) << method;
  }
  EXPECT_EQ(test::get(admin_port(), "/v1/models", headers()).status, 404);
  for (const auto to : {port(), admin_port()}) {
    EXPECT_EQ(test::get(to, "/health").status, 200);
    EXPECT_EQ(test::get(to, "/health/ready").status, 200);
  }
}

TEST_F(listeners, are_one_by_default) {
  add_account("a");
  start();
  EXPECT_EQ(admin_port(), port());
  EXPECT_EQ(send_message().status, 200);
  EXPECT_EQ(test::get(port(), "/metrics").status, 200);
  EXPECT_EQ(post("/metrics", "").status, 405);
}

TEST_F(listeners, of_the_administration_have_the_relay_s_certificate_or_their_own) {
  const auto relays = make_test_certificates();
  const auto own = make_test_certificates();
  serve_tls(relays);
  separate_admin();
  add_account("a");
  start();
  EXPECT_EQ(health_over_tls(relays.ca, admin_port()).status, 200);
  stop();
  const auto files = put(own, "admin");
  settings.admin.tls_cert_file = files.certificate;
  settings.admin.tls_key_file = files.key;
  start();
  EXPECT_EQ(health_over_tls(own.ca, admin_port()).status, 200);
  EXPECT_EQ(health_over_tls(relays.ca, port()).status, 200);
  stop();
  settings.server.tls_cert_file = settings.server.tls_key_file = "";
  start();
  EXPECT_EQ(health_over_tls(own.ca, admin_port()).status, 200);
  EXPECT_EQ(send_message().status, 200) << "over plain HTTP";
}

TEST_F(listeners, of_the_administration_have_room_when_clients_use_up_all_connections) {
  settings.server.workers = 1;
  settings.limits.connections_max = 2;
  separate_admin();
  start();
  raw_client one(port());
  raw_client two(port());
  for (auto* client : {&one, &two}) {
    client->send(test::request_text("GET", "/health", {}));
    EXPECT_EQ(client->read_answer().status, 200);
  }
  raw_client refused(port());
  EXPECT_NE(refused.read_to_end(), test::peer_end::open);
  EXPECT_EQ(test::get(admin_port(), "/metrics").status, 200);
}

TEST_F(listeners, stop_at_every_address) {
  separate_admin();
  start();
  raw_client idle(admin_port());
  idle.send(test::request_text("GET", "/health", {}));
  EXPECT_EQ(idle.read_answer().status, 200);
  const auto before = std::pair(port(), admin_port());
  EXPECT_TRUE(stop());
  EXPECT_EQ(idle.read_to_end(), test::peer_end::fin);
  EXPECT_THROW(raw_client again(before.first), std::runtime_error);
  EXPECT_THROW(raw_client again(before.second), std::runtime_error);
}

TEST_F(listeners, show_the_metrics_to_allowed_addresses_only) {
  settings.server.trusted_proxies = {"127.0.0.1"};
  settings.admin.allowed_addresses = {"203.0.113.0/24"};
  start();
  EXPECT_EQ(test::get(port(), "/metrics").status, 403);
  EXPECT_EQ(test::get(port(), "/metrics", {{"X-Forwarded-For", "203.0.113.9"}}).status, 200);
  EXPECT_EQ(test::get(port(), "/metrics", {{"X-Forwarded-For", "203.0.113.9, 6.6.6.6"}}).status,
            403);
  EXPECT_EQ(test::get(port(), "/health").status, 200);
}

}  // namespace
}  // namespace baton::e2e
