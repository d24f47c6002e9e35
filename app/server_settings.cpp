#include "app/server_settings.hpp"

#include <algorithm>

namespace baton::app {
namespace {

template <class Duration>
std::chrono::seconds in_seconds(Duration time) {
  return std::chrono::ceil<std::chrono::seconds>(time);
}

// The settings' rule has accepted each of them.
net::address_ranges ranges_of(const std::vector<std::string>& texts) {
  net::address_ranges ranges;
  for (const auto& each : texts) ranges.add(net::address_range::parse(each).value());
  return ranges;
}

}  // namespace

net::relay_settings relay_settings_of(const config& settings, const std::string& encryption_key,
                                      std::size_t workers) {
  const auto& times = settings.timeouts;
  net::relay_settings relay;
  relay.encryption_key = encryption_key;
  relay.key_prefix = settings.keys.prefix;
  relay.body_bytes_max = settings.limits.body_bytes_max;
  relay.head_bytes_max = static_cast<std::uint32_t>(settings.limits.head_bytes_max);
  relay.buffered_body_bytes_max = settings.limits.buffered_body_bytes_max / workers;
  relay.connections_max = std::max<std::uint64_t>(settings.limits.connections_max / workers, 1);
  relay.client_idle = times.client_idle;
  relay.client_head = times.client_head;
  relay.client_body = times.client_body;
  relay.client_write = times.client_write;
  relay.connect = times.connect;
  relay.tls_handshake = times.tls_handshake;
  relay.stream_head = times.stream_head;
  relay.json_head = times.json_head;
  relay.between_events = times.between_events;
  relay.upstream_idle = times.upstream_idle;
  relay.total = times.total;
  relay.first_event = times.first_event;
  relay.attempts_max = settings.failover.attempts_max;
  relay.hold_back = settings.failover.hold_back;
  relay.keep_alive = settings.streams.keep_alive;
  relay.sessions_from_content = settings.sessions.from_content;
  relay.cuts_answers_of_lost_keys = settings.keys.on_disable == running_answers::cut;
  relay.records_first = settings.usage.durability == usage_durability::strict;
  relay.service_rates = settings.rates;
  relay.utc_offset = std::chrono::hours(settings.time.utc_offset_hours);
  relay.ca_file = settings.upstream.ca_file;
  relay.trusted_proxies = ranges_of(settings.server.trusted_proxies);
  relay.admin_addresses = ranges_of(settings.admin.allowed_addresses);
  relay.cors_origins = settings.admin.cors_origins;
  return relay;
}

relay::circuit_settings circuit_settings_of(const config& settings) {
  const auto& given = settings.circuit;
  return {.failures_min = given.failures_min,
          .failure_share_percent = given.failure_share_percent,
          .window = given.window,
          .open = given.open,
          .open_max = given.open_max};
}

relay::session_settings session_settings_of(const config& settings) {
  return {.ttl = in_seconds(settings.sessions.ttl),
          .renew_below = in_seconds(settings.sessions.renew_below),
          .sessions_max = settings.sessions.max};
}

actors::ledger_settings ledger_settings_of(const config& settings) {
  return {.strict = settings.usage.durability == usage_durability::strict,
          .keep = settings.usage.keep_records,
          .bytes_max = settings.usage.records_bytes_max};
}

relay::fair_queue::settings queue_settings_of(const config& settings) {
  return {.waiting_max = settings.queue.waiting_max, .per_key_max = settings.queue.per_key_max};
}

}  // namespace baton::app
