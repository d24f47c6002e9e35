#include "app/server_settings.hpp"

#include <gtest/gtest.h>

#include "app/settings.hpp"

namespace baton::app {
namespace {

using namespace std::chrono_literals;

net::relay_settings of(const config& settings, std::size_t workers = 1) {
  return relay_settings_of(settings, "secret", workers);
}

TEST(server_settings, share_what_belongs_to_all_workers) {
  config settings;
  settings.limits.connections_max = 1000;
  settings.limits.buffered_body_bytes_max = 64 << 20;
  settings.limits.body_bytes_max = 32 << 20;
  const auto relay = of(settings, 4);
  EXPECT_EQ(relay.connections_max, 250u);
  EXPECT_EQ(relay.buffered_body_bytes_max, 16u << 20);
  EXPECT_EQ(relay.body_bytes_max, 32u << 20) << "one request's, on whichever worker it is";
}

TEST(server_settings, tell_the_relay_every_time) {
  config settings;
  settings.timeouts = {.client_idle = 1s,
                       .client_head = 2s,
                       .client_body = 3s,
                       .client_write = 4s,
                       .connect = 5s,
                       .tls_handshake = 6s,
                       .stream_head = 7s,
                       .first_event = 8s,
                       .json_head = 9s,
                       .between_events = 10s,
                       .upstream_idle = 11s,
                       .total = 12s};
  settings.failover.hold_back = 13s;
  settings.streams.keep_alive = 14s;
  const auto relay = of(settings);
  EXPECT_EQ(relay.client_idle, 1s);
  EXPECT_EQ(relay.client_head, 2s);
  EXPECT_EQ(relay.client_body, 3s);
  EXPECT_EQ(relay.client_write, 4s);
  EXPECT_EQ(relay.connect, 5s);
  EXPECT_EQ(relay.tls_handshake, 6s);
  EXPECT_EQ(relay.stream_head, 7s);
  EXPECT_EQ(relay.first_event, 8s);
  EXPECT_EQ(relay.json_head, 9s);
  EXPECT_EQ(relay.between_events, 10s);
  EXPECT_EQ(relay.upstream_idle, 11s);
  EXPECT_EQ(relay.total, 12s);
  EXPECT_EQ(relay.hold_back, 13s);
  EXPECT_EQ(relay.keep_alive, 14s);
}

TEST(server_settings, tell_the_relay_what_else_it_needs) {
  config settings;
  settings.keys.prefix = "own_";
  settings.upstream.ca_file = "/ca.pem";
  settings.failover.attempts_max = 7;
  settings.sessions.from_content = false;
  settings.limits.head_bytes_max = 4096;
  const auto relay = of(settings);
  EXPECT_EQ(relay.encryption_key, "secret");
  EXPECT_EQ(relay.key_prefix, "own_");
  EXPECT_EQ(relay.ca_file, "/ca.pem");
  EXPECT_EQ(relay.attempts_max, 7u);
  EXPECT_FALSE(relay.sessions_from_content);
  EXPECT_EQ(relay.head_bytes_max, 4096u);
}

TEST(server_settings, tell_the_circuits_when_to_open) {
  config settings;
  settings.circuit = {
      .failures_min = 3, .failure_share_percent = 20, .window = 5s, .open = 6s, .open_max = 7s};
  const auto circuit = circuit_settings_of(settings);
  EXPECT_EQ(circuit.failures_min, 3u);
  EXPECT_EQ(circuit.failure_share_percent, 20u);
  EXPECT_EQ(circuit.window, 5s);
  EXPECT_EQ(circuit.open, 6s);
  EXPECT_EQ(circuit.open_max, 7s);
}

TEST(server_settings, tell_the_session_tables_whole_seconds) {
  config settings;
  settings.sessions = {.ttl = 1500ms, .renew_below = 1ms, .max = 5000};
  const auto sessions = session_settings_of(settings);
  EXPECT_EQ(sessions.ttl, 2s);
  EXPECT_EQ(sessions.renew_below, 1s) << "0 would mean never";
  EXPECT_EQ(sessions.sessions_max, 5000u);
  settings.sessions.renew_below = 0ms;
  EXPECT_EQ(session_settings_of(settings).renew_below, 0s);
}

TEST(server_settings, tell_the_waiting_room_its_size) {
  config settings;
  settings.queue.waiting_max = 30;
  settings.queue.per_key_max = 20;
  const auto queue = queue_settings_of(settings);
  EXPECT_EQ(queue.waiting_max, 30u);
  EXPECT_EQ(queue.per_key_max, 20u);
}

// What is written beside a member of the relay's settings is what an operator gets.
TEST(server_settings, have_the_defaults_that_the_parts_have) {
  const config defaults;
  const relay::circuit_settings circuit;
  const auto told = circuit_settings_of(defaults);
  EXPECT_EQ(told.failures_min, circuit.failures_min);
  EXPECT_EQ(told.failure_share_percent, circuit.failure_share_percent);
  EXPECT_EQ(told.window, circuit.window);
  EXPECT_EQ(told.open, circuit.open);
  EXPECT_EQ(told.open_max, circuit.open_max);
  const relay::session_settings sessions;
  EXPECT_EQ(session_settings_of(defaults).ttl, sessions.ttl);
  EXPECT_EQ(session_settings_of(defaults).renew_below, sessions.renew_below);
  EXPECT_EQ(session_settings_of(defaults).sessions_max, sessions.sessions_max);
  const net::relay_settings relay;
  EXPECT_EQ(of(defaults).first_event, relay.first_event);
  EXPECT_EQ(of(defaults).hold_back, relay.hold_back);
  EXPECT_EQ(of(defaults).attempts_max, relay.attempts_max);
  EXPECT_EQ(of(defaults).keep_alive, relay.keep_alive);
  EXPECT_EQ(of(defaults).sessions_from_content, relay.sessions_from_content);
}

}  // namespace
}  // namespace baton::app
