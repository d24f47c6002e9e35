// What Baton can be told, as plain values. app/settings.cpp and app/relaying_settings.cpp list
// every one of them with its name, range and help; app/config_loader.hpp fills this from files,
// environment and flags. Read once at start and constant from then on.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "relay/service_rates.hpp"

namespace baton::app {

struct server_settings {
  std::string host = "127.0.0.1";  // an IP address
  std::uint16_t port = 3000;       // 0: any free port
  std::uint32_t workers = 0;       // 0: one per core, see worker_count()
  std::chrono::milliseconds drain = std::chrono::seconds(30);  // live requests at shutdown
  std::string tls_cert_file;                 // PEM; empty, and the key too: plain HTTP
  std::string tls_key_file;                  // PEM
  std::vector<std::string> trusted_proxies;  // addresses and networks
};

struct storage_settings {
  std::string data_dir = "./data";
  std::string encryption_key;  // secret; empty: the file in the data folder, made at first start
};

struct limit_settings {
  std::uint64_t body_bytes_max = 32ull << 20;
  std::uint64_t head_bytes_max = 64ull << 10;
  std::uint64_t buffered_body_bytes_max = 1ull << 30;  // all requests together
  std::uint64_t connections_max = 20'000;              // all workers together
};

struct timeout_settings {
  // Downstream.
  std::chrono::milliseconds client_idle = std::chrono::seconds(75);    // between requests
  std::chrono::milliseconds client_head = std::chrono::seconds(30);    // whole request head
  std::chrono::milliseconds client_body = std::chrono::seconds(120);   // between reads of a body
  std::chrono::milliseconds client_write = std::chrono::seconds(120);  // a write without progress
  // Upstream.
  std::chrono::milliseconds connect = std::chrono::seconds(5);
  std::chrono::milliseconds tls_handshake = std::chrono::seconds(5);
  std::chrono::milliseconds stream_head = std::chrono::seconds(60);  // answer head of a stream
  std::chrono::milliseconds first_event = std::chrono::seconds(60);  // after the head of a stream
  std::chrono::milliseconds json_head = std::chrono::seconds(600);   // answer head otherwise
  std::chrono::milliseconds between_events = std::chrono::seconds(120);
  std::chrono::milliseconds upstream_idle = std::chrono::seconds(25);  // pooled connections
  std::chrono::milliseconds total = std::chrono::seconds(3600);        // one request, all tries
};

struct failover_settings {
  std::uint32_t attempts_max = 5;  // of one request, the first included
  std::chrono::milliseconds hold_back = std::chrono::seconds(1);  // 0: events pass at once
};

// When an account that keeps failing is left out, and for how long.
struct circuit_settings {
  std::uint32_t failures_min = 5;  // within the window
  std::uint32_t failure_share_percent = 50;
  std::chrono::milliseconds window = std::chrono::seconds(60);
  std::chrono::milliseconds open = std::chrono::seconds(30);  // the first time
  std::chrono::milliseconds open_max = std::chrono::seconds(600);
};

// Conversations that stay on their account.
struct session_settings {
  std::chrono::milliseconds ttl = std::chrono::hours(15 * 24);
  std::chrono::milliseconds renew_below = std::chrono::hours(14 * 24);  // time left; 0: never
  std::uint64_t max = 100'000;
  bool from_content = true;
};

// Requests that wait for their key's concurrency.
struct queue_settings {
  std::chrono::milliseconds wait = std::chrono::seconds(10);  // 0: no waiting
  std::uint32_t waiting_max = 10'000;                         // all workers together
  std::uint32_t per_key_max = 1'000;
};

struct stream_settings {
  std::chrono::milliseconds keep_alive{0};  // between comments to a client that waits; 0: none
};

enum class usage_durability : std::uint8_t { batched, strict };

// The ledger and the sums of usage.
struct usage_settings {
  usage_durability durability = usage_durability::batched;
  std::chrono::milliseconds keep_records = std::chrono::hours(90 * 24);
  std::uint64_t records_bytes_max = 20ull << 30;
  std::chrono::milliseconds keep_hours = std::chrono::hours(180 * 24);
  std::chrono::milliseconds keep_days = std::chrono::hours(730 * 24);
};

struct time_settings {
  std::int32_t utc_offset_hours = 0;  // of the midnight at which days begin
};

struct pricing_settings {
  std::string file;  // JSON; empty: the table that is compiled in
};

// In millionths.
using rate_settings = relay::service_rates;

struct upstream_settings {
  std::string ca_file;  // PEM; empty: the system's certificates
};

// What becomes of a key's running answers when it is taken away.
enum class running_answers : std::uint8_t { finish, cut };

struct key_settings {
  std::string prefix = "cr_";  // of new API keys
  running_answers on_disable = running_answers::finish;
};

struct admin_settings {
  std::string username = "admin";
  std::string password;    // secret; empty: made at first start and shown once
  std::string jwt_secret;  // secret; empty: made at first start and kept in the store
  std::chrono::milliseconds session = std::chrono::hours(24);
  std::string listen;                          // ADDRESS:PORT; empty: the relay's own
  std::string tls_cert_file;                   // PEM; empty: as the relay's port
  std::string tls_key_file;                    // PEM
  std::vector<std::string> allowed_addresses;  // and networks; empty: all
  std::vector<std::string> cors_origins;       // empty: none
};

enum class log_level : std::uint8_t { trace, debug, info, warn, error };
enum class log_format : std::uint8_t { automatic, text, json };

struct log_settings {
  log_level level = log_level::info;
  log_format format = log_format::automatic;  // text on a terminal, JSON lines otherwise
};

struct metrics_settings {
  bool per_key = false;  // series for each key, by its id
};

struct config {
  server_settings server;
  storage_settings storage;
  limit_settings limits;
  timeout_settings timeouts;
  failover_settings failover;
  circuit_settings circuit;
  session_settings sessions;
  queue_settings queue;
  stream_settings streams;
  usage_settings usage;
  time_settings time;
  pricing_settings pricing;
  rate_settings rates;
  upstream_settings upstream;
  key_settings keys;
  admin_settings admin;
  log_settings log;
  metrics_settings metrics;
};

// server.workers, or the number of cores this process may run on.
std::uint32_t worker_count(const config& settings);

}  // namespace baton::app
