// Everything at once, at random: whatever clients and upstreams do, nothing stays behind.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

constexpr milliseconds duration{sanitized ? 4000 : 2000};
constexpr int clients = 12;
constexpr std::uint32_t large_events = 50;
constexpr std::uint32_t large_event_bytes = 20'000;  // text of each

class chaos : public relay_fixture {
 protected:
  void add_accounts() {
    settings.timeouts.stream_head = milliseconds(150);
    settings.timeouts.json_head = milliseconds(150);
    settings.timeouts.between_events = milliseconds(150);
    const std::vector<std::pair<std::string, mock::behaviour>> behaviours = {
        {"well", {}},
        {"slow", {.interval = milliseconds(2)}},
        {"late", {.delay = milliseconds(20)}},
        {"large", {.events = large_events, .event_bytes = large_event_bytes}},
        {"fails", {.status = 500}},
        {"cut", {.cut_after_events = 7, .cut_with = mock::ending::rst}},
        {"stalls", {.stall_after_events = 5}},
        {"stale", {.after_answer = mock::closing::silent}},
        {"trickles", {.byte_by_byte = true}}};
    for (const auto& [name, script] : behaviours) {
      add_account(name, script, [&](relay::account& account) {
        account.concurrency_limit = name == "late" ? 3 : name == "cut" ? 2 : 0;
      });
    }
    // For clients that wait for their answers: of an answer that was given up the upstream hears
    // late, and would count it beside the next one.
    const auto patient =
        add_account("patient", {.delay = milliseconds(20)}, [](relay::account& account) {
          account.concurrency_limit = 3;
          account.type = relay::account_type::dedicated;
        });
    patient_key_ = add_key("patient", [&](relay::api_key& key) { key.bound_account = patient.id; });
  }
  void wait_for_answer(std::mt19937& random) const {
    EXPECT_NE(send_message(random() % 2 == 0, patient_key_).status, 0);
  }
  double relayed() const {
    double sum = 0;
    for (const std::string outcome : {"completed", "refused", "client_gone", "upstream_failed"}) {
      sum += metric(R"(baton_requests_total{platform="claude-console",route="messages",outcome=")" +
                    outcome + "\"}");
    }
    return sum;
  }
  // One client connection and what becomes of it.
  void misbehave(std::mt19937& random, const std::string& key_text) {
    const auto request =
        test::request_text("POST", "/v1/messages", headers(key_text), message_body(random() % 2));
    raw_client client(port());
    switch (random() % 8) {
      case 0:  // leaves within its request
        client.send(request.substr(0, random() % request.size()));
        return;
      case 1:  // leaves at once
        client.send(request);
        return client.reset();
      case 2:  // leaves in the middle of the answer
        client.send(request);
        client.read_some(1 + random() % 500);
        return client.reset();
      case 3:  // sends ahead
        client.send(request + request + request);
        for (int i = 0; i < 3; ++i) client.read_answer();
        return;
      case 4: {  // sends ahead in pieces, and leaves
        client.send(request + request.substr(0, random() % request.size()));
        client.read_answer();
        return;
      }
      case 5:  // nonsense
        client.send(request + "\x01\x02\x03\r\n\r\n");
        client.read_to_end();
        return;
      case 6:  // half a connection
        client.send(request);
        client.half_close();
        client.read_to_end();
        return;
      default: client.send(request); client.read_answer();
    }
  }

  std::string patient_key_;
};

TEST_F(chaos, leaves_nothing_behind) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  settings.server.workers = 3;
  add_accounts();
  const auto limited = add_key("limited", [](relay::api_key& key) { key.limits.concurrency = 5; });
  start();
  const auto until = steady_now() + duration;
  std::atomic<int> rounds = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] {
      std::mt19937 random(seed + static_cast<unsigned>(i));
      while (steady_now() < until) {
        if (i % 3 == 1) {
          wait_for_answer(random);
        } else {
          misbehave(random, i % 3 == 0 ? limited : key());
        }
        ++rounds;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_GT(rounds, clients);

  EXPECT_TRUE(eventually([&] { return metric("baton_client_connections") == 1; }));
  EXPECT_EQ(metric("baton_live_streams"), 0);
  for (const std::string name : {"late", "cut", "patient"}) {
    EXPECT_TRUE(eventually([&] {
      return metric("baton_account_inflight{account=\"" + name + "\"}") == 0;
    })) << name;
  }
  EXPECT_LE(seen_by("patient").in_flight_max, 3u);
  EXPECT_TRUE(upstream->wait_until([](const auto& seen) {
    return std::all_of(seen.credentials.begin(), seen.credentials.end(),
                       [](const auto& entry) { return entry.second.in_flight == 0; });
  }));
  EXPECT_EQ(upstream->stats().malformed_requests, 0u);

  // Every slot of the key and of the accounts can be had again.
  for (const auto& account : *store().accounts()) upstream->behave(credential(account.name), {});
  EXPECT_TRUE(eventually([&] {
    const auto answers = at_once(5, [&](std::size_t) { return send_message(true, limited); });
    return count_status(answers, 200) == 5;
  }));
  const auto ended = relayed();
  EXPECT_TRUE(stop());
  const auto stored = stored_usage();
  // What clients got of answers they left is estimated: at most a token for each byte.
  EXPECT_LE(stored.tokens.output, stored.requests * (42 + large_events * large_event_bytes));
  EXPECT_LE(static_cast<double>(stored.requests), ended);
}

}  // namespace
}  // namespace baton::e2e
