// What the relay's byte paths need of the configuration; constant while the server runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "net/address_ranges.hpp"
#include "relay/service_rates.hpp"

namespace baton::net {

using std::chrono::milliseconds;

struct relay_settings {
  std::string encryption_key;  // secret; part of every key's hash
  std::string key_prefix = "cr_";

  std::uint64_t body_bytes_max = 32ull << 20;
  std::uint32_t head_bytes_max = 64u << 10;
  std::uint64_t buffered_body_bytes_max = 1ull << 30;  // of this worker
  std::uint64_t connections_max = 20'000;              // of this worker

  milliseconds client_idle{75'000};
  milliseconds client_head{30'000};
  milliseconds client_body{120'000};
  milliseconds client_write{120'000};

  milliseconds connect{5'000};
  milliseconds tls_handshake{5'000};
  milliseconds stream_head{60'000};
  milliseconds json_head{600'000};
  milliseconds first_event{60'000};
  milliseconds between_events{120'000};
  milliseconds upstream_idle{25'000};
  milliseconds total{3'600'000};
  std::uint32_t attempts_max = 5;
  milliseconds hold_back{1'000};  // of a stream's first events, see answer_opening
  milliseconds keep_alive{0};     // between comments to a client that waits; 0: none

  bool sessions_from_content = true;
  bool cuts_answers_of_lost_keys = false;  // else they finish
  bool records_first =
      false;  // an answer's last bytes wait for its record (net/durable_record.hpp)

  relay::service_rates service_rates;

  std::chrono::hours utc_offset{0};  // of the days and months that key owners are told of

  std::string ca_file;  // PEM; empty: the system's certificates

  address_ranges trusted_proxies;         // whose X-Forwarded-For is believed
  address_ranges admin_addresses;         // from where the administration may be used; empty: all
  std::vector<std::string> cors_origins;  // whose pages may use it, see net/cors.hpp
};

}  // namespace baton::net
