// What is known of a request when it has ended: the source of its log line, its metrics and its
// usage.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "relay/key_directory.hpp"
#include "relay/platform.hpp"
#include "relay/pricing.hpp"
#include "relay/usage.hpp"
#include "relay/verdict.hpp"

namespace baton::relay {

// How a request ended: the value of the metrics' `outcome` label.
enum class outcome : std::uint8_t {
  completed,        // the whole answer, whatever its status, reached the client
  refused,          // Baton answered with an error of its own
  client_gone,      // the client left before the answer was complete
  upstream_failed,  // the answer broke off after part of it had reached the client
};
inline constexpr std::size_t outcome_count = 4;
std::string_view to_string(outcome how);

// A try that was not the request's last one.
struct failed_attempt {
  account_id account;
  failure_kind kind;
};

struct request_record {
  std::string request_id;
  const relay::route* route = nullptr;  // null: the path is not one of ours
  api_key_ptr key;                      // null: not authenticated
  ready_account_ptr account;            // of the last attempt; null: none was made
  std::string model_asked;              // by the client
  std::string model;                    // as the upstream named it, else as asked for
  int status = 0;                       // sent to the client; 0: nothing was sent
  bool stream = false;
  std::uint32_t attempts = 0;
  std::vector<failed_attempt> failed;  // those that failed, in order
  bool reached_upstream = false;       // the whole request was sent to an account's upstream
  bool handed_over = false;            // it is on its way to the ledger already
  outcome how = outcome::completed;
  token_usage usage;
  bool usage_estimated = false;                // in part: see answer_meter::untold_bytes()
  service_tier tier = service_tier::standard;  // that served it
  relay::cost cost;                            // of that usage
  price_table_ptr priced_by;                   // whose version tells; null: nothing was priced
  wall_time finished{};
  std::chrono::microseconds duration{0};
  std::chrono::microseconds upstream_wait{0};  // part of duration spent waiting for upstreams
  std::chrono::microseconds queue_wait{0};     // part of duration spent waiting for a slot
  std::optional<std::chrono::microseconds> time_to_first_byte;
  std::optional<error_code> failure;  // why it was refused or broke off
  std::optional<limit_kind> limit;    // that refused it
};

}  // namespace baton::relay
