// One request as the ledger keeps it: what its operator bills for, and what explains the bill.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "relay/usage.hpp"

namespace baton::storage {

struct usage_record {
  // Place in the ledger: 1, 2, 3, … in the order in which requests were written. Given by the
  // ledger; what counts a record once is that its number is counted once.
  std::uint64_t number = 0;
  std::string request_id;  // as the client got it in x-request-id
  wall_time finished{};
  key_id key;
  account_id account;       // of the last attempt; empty: none was made
  std::string platform;     // of the account; empty: none
  std::string route;        // as the metrics name it: "messages", "responses", …
  std::string model_asked;  // by the client; empty: it named none
  std::string model;        // as the upstream named it, else as asked for
  relay::token_usage tokens;
  std::int64_t cost_nanousd = 0;
  std::int64_t rated_nanousd = 0;   // cost times the rates of its service and its key
  std::string price_version;        // of the prices that the cost was worked out with
  bool priced_by_fallback = false;  // the price table did not have the model
  bool usage_estimated = false;     // output that was delivered, but never counted by its upstream
  bool stream = false;
  // Whether it is in the sums of usage: it is of a kind that is billed, and has reached an
  // upstream.
  bool counted = false;
  int status = 0;       // sent to the client; 0: nothing was sent
  std::string outcome;  // as the metrics name it: "completed", "client_gone", …
  std::string error;    // code of the error that Baton ended it with; empty: none
  std::uint32_t attempts = 0;
  std::chrono::microseconds duration{0};
  std::optional<std::chrono::microseconds> time_to_first_byte;

  friend bool operator==(const usage_record&, const usage_record&) = default;
};

}  // namespace baton::storage
