// What the administration changes is in force when its answer arrives: for the next request, on
// every worker.
#include <gmock/gmock.h>

#include "tests/e2e/admin_fixture.hpp"

namespace baton::e2e {
namespace {

using testing::HasSubstr;

class admin_effect : public admin_fixture {
 protected:
  admin_effect() { settings.server.workers = 4; }

  std::string request_with(const std::string& key_text, bool stream = false) const {
    return test::request_text("POST", "/v1/messages", headers(key_text), new_message(stream));
  }
  raw_client begin_stream(const std::string& key_text) const {
    raw_client client(port());
    client.send(request_with(key_text, true));
    EXPECT_THAT(client.read_until("event: content_block_delta"), HasSubstr("content_block_delta"));
    return client;
  }
  // All that is still to come.
  static std::string rest_of(raw_client& client) {
    std::string rest;
    for (std::string more; !(more = client.read_some()).empty();) {
      rest += more;
      if (rest.ends_with("0\r\n\r\n")) break;
    }
    return rest;
  }
  static inline const mock::behaviour slow{.interval = milliseconds(20), .events = 25};
  static inline const mock::behaviour endless{.interval = milliseconds(20), .events = 10'000};
};

TEST_F(admin_effect, of_a_new_key_is_there_for_the_next_request_on_every_worker) {
  add_account("a");
  start_and_log_in();
  open_clients clients(port());
  for (int round = 0; round < 5; ++round) {
    const auto key = make_key("key " + std::to_string(round));
    EXPECT_EQ(clients.count(200, request_with(key)), clients.size());
  }
}

TEST_F(admin_effect, of_every_step_in_a_keys_life_is_there_for_the_next_request) {
  add_account("a");
  start_and_log_in();
  open_clients clients(port());
  std::string id;
  const auto key = make_key("n", &id);
  const auto path = "/api/v2/keys/" + id;
  const auto after = [&](std::string_view method, const std::string& where, const json& body,
                         int status) {
    EXPECT_EQ(call(method, where, body).status, 200) << method << ' ' << where;
    EXPECT_EQ(clients.count(status, request_with(key)), clients.size()) << method << ' ' << where;
  };
  for (int round = 0; round < 3; ++round) {
    after("PUT", path, {{"isActive", false}}, 401);
    after("PUT", path, {{"isActive", true}}, 200);
    after("PUT", path, {{"permissions", {"openai"}}}, 403);
    after("PUT", path, {{"permissions", json::array()}}, 200);
    after("DELETE", path, nullptr, 401);
    after("POST", path + "/restore", nullptr, 200);
  }
}

TEST_F(admin_effect, of_an_account_is_there_for_the_next_request_on_every_worker) {
  settings.sessions.from_content = false;  // all send the same
  start_and_log_in();
  open_clients clients(port());
  const auto request = request_with(key());
  EXPECT_EQ(clients.count(503, request), clients.size()) << "nobody is there";
  const auto first = make_account("first");
  EXPECT_EQ(clients.count(200, request), clients.size());
  const auto second = make_account("second", {}, {{"priority", 1}});
  EXPECT_EQ(clients.count(200, request), clients.size());
  EXPECT_EQ(seen_by("second").requests, clients.size()) << "it goes before the first";
  EXPECT_EQ(call("PUT", second, {{"priority", 99}}).status, 200);
  EXPECT_EQ(clients.count(200, request), clients.size());
  EXPECT_EQ(seen_by("first").requests, 2 * clients.size());
  EXPECT_EQ(call("DELETE", first).status, 200);
  EXPECT_EQ(clients.count(200, request), clients.size());
  EXPECT_EQ(seen_by("second").requests, 2 * clients.size());
  EXPECT_EQ(call("DELETE", second).status, 200);
  EXPECT_EQ(clients.count(503, request), clients.size());
  EXPECT_EQ(call("DELETE", second).status, 404);
}

TEST_F(admin_effect, of_toggle_schedulable_is_there_for_the_next_request) {
  start_and_log_in();
  open_clients clients(port());
  const auto path = make_account("a");
  for (const bool schedulable : {false, true, false, true}) {
    const auto toggled = call("POST", path + "/toggle-schedulable");
    EXPECT_EQ(toggled.body["schedulable"], schedulable);
    EXPECT_EQ(clients.count(schedulable ? 200 : 503, request_with(key())), clients.size());
  }
}

TEST_F(admin_effect, of_deleting_an_account_leaves_its_running_streams_alone) {
  start_and_log_in();
  const auto path = make_account("a", slow);
  std::vector<raw_client> streams;
  for (int i = 0; i < 8; ++i) streams.push_back(begin_stream(key()));
  EXPECT_EQ(call("DELETE", path).status, 200);
  EXPECT_EQ(send_message().status, 503) << "it is gone for new ones";
  EXPECT_EQ(get(path).status, 404);
  for (auto& stream : streams) {
    const auto rest = rest_of(stream);
    EXPECT_THAT(rest, HasSubstr("message_stop"));
    EXPECT_TRUE(rest.ends_with("0\r\n\r\n"));
  }
  EXPECT_TRUE(usage_becomes(8, {.input = 8 * 25, .output = 8 * 42}));
}

TEST_F(admin_effect, of_disabling_a_key_lets_its_running_streams_finish) {
  add_account("a", slow);
  start_and_log_in();
  std::string id;
  const auto key_text = make_key("n", &id);
  auto stream = begin_stream(key_text);
  EXPECT_EQ(call("PUT", "/api/v2/keys/" + id, {{"isActive", false}}).status, 200);
  EXPECT_EQ(send_message(false, key_text).status, 401);
  const auto rest = rest_of(stream);
  EXPECT_THAT(rest, HasSubstr("message_stop"));
  EXPECT_TRUE(rest.ends_with("0\r\n\r\n"));
}

TEST_F(admin_effect, of_disabling_a_key_cuts_its_running_streams_if_that_is_configured) {
  settings.keys.on_disable = app::running_answers::cut;
  add_account("a", endless);
  start_and_log_in();
  for (const bool disable : {true, false}) {
    std::string id;
    const auto key_text = make_key(disable ? "one" : "two", &id);
    std::vector<raw_client> streams;
    for (int i = 0; i < 8; ++i) streams.push_back(begin_stream(key_text));
    auto others = begin_stream(key());
    const auto path = "/api/v2/keys/" + id;
    const auto changed = disable ? call("PUT", path, {{"isActive", false}}) : call("DELETE", path);
    EXPECT_EQ(changed.status, 200);
    const auto since = steady_now();
    for (auto& stream : streams) {
      const auto rest = rest_of(stream);
      EXPECT_THAT(rest, HasSubstr("event: error"));
      EXPECT_THAT(rest, HasSubstr("authentication_error"));
      EXPECT_THAT(rest, HasSubstr("disabled or deleted"));
      EXPECT_EQ(stream.end(), test::peer_end::fin);
    }
    EXPECT_LT(steady_now() - since, milliseconds(sanitized ? 2000 : 100));
    EXPECT_THAT(others.read_until("event: content_block_delta"), HasSubstr("content_block_delta"));
    others.close();
  }
  for (const auto& each : records(18)) {
    EXPECT_EQ(each.tokens.input, 25);
    EXPECT_GT(each.tokens.output, 0) << "what was delivered counts";
  }
  upstream->behave(credential("a"), {});
  EXPECT_EQ(send_message().status, 200) << "the account is not to blame";
}

TEST_F(admin_effect, of_disabling_a_key_ends_its_requests_that_wait) {
  settings.keys.on_disable = app::running_answers::cut;
  add_account("a", {.stall_before_head = true});
  start_and_log_in();
  std::string id;
  const auto key_text =
      make_key("n", &id, {{"concurrencyLimit", 1}, {"concurrentRequestQueue", 5}});
  raw_client at_upstream(port());
  at_upstream.send(request_with(key_text));
  ASSERT_TRUE(eventually([&] { return seen_by("a").in_flight == 1; }));
  raw_client in_queue(port());
  in_queue.send(request_with(key_text));
  ASSERT_TRUE(in_queue.silent_for(milliseconds(50)));
  EXPECT_EQ(call("PUT", "/api/v2/keys/" + id, {{"isActive", false}}).status, 200);
  for (auto* client : {&at_upstream, &in_queue}) {
    const auto answer = client->read_answer();
    EXPECT_EQ(answer.status, 401);
    EXPECT_THAT(answer.body, HasSubstr("disabled or deleted"));
    client->send(request_with(key_text));
    EXPECT_EQ(client->read_answer().status, 401) << "on the same connection";
  }
  EXPECT_TRUE(eventually([&] { return seen_by("a").in_flight == 0; }));
}

}  // namespace
}  // namespace baton::e2e
