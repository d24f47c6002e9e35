// A client's key (`cr_` + 64 hex digits), as it is stored: hashed.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace baton::relay {

// When a key's week begins: at this hour of this day, in the configured offset from UTC.
struct week_start {
  std::uint8_t day = 1;   // 1 = Monday .. 7
  std::uint8_t hour = 0;  // 0..23
  friend bool operator==(const week_start&, const week_start&) = default;
};

// What a key may use up. 0 means no limit. Costs are rated ones, in nano-USD.
struct key_limits {
  std::uint32_t concurrency = 0;     // requests at once
  std::uint32_t window_minutes = 0;  // length of the window that window_… count in
  std::uint64_t window_requests = 0;
  std::uint64_t window_tokens = 0;
  std::uint32_t queue = 0;  // requests that may wait for one of `concurrency`; 0: refused at once

  std::uint64_t window_cost_nanousd = 0;
  std::uint64_t daily_cost_nanousd = 0;
  std::uint64_t total_cost_nanousd = 0;
  std::uint64_t weekly_claude_cost_nanousd = 0;  // of Claude models only
  week_start week{};

  // A limit whose use so far is kept in the store.
  bool any_stored() const {
    return daily_cost_nanousd != 0 || total_cost_nanousd != 0 || weekly_claude_cost_nanousd != 0;
  }
  bool any() const {
    return concurrency != 0 || window_requests != 0 || window_tokens != 0 ||
           window_cost_nanousd != 0 || any_stored();
  }
  friend bool operator==(const key_limits&, const key_limits&) = default;
};

struct api_key {
  key_id id;
  std::string hash;  // lowercase hex SHA-256 of (key text + encryption key), as v1 stores it
  std::string name;
  std::string description;
  std::vector<std::string> permissions;        // services: claude, openai, gemini; empty: all
  std::vector<std::string> restricted_models;  // block list
  std::vector<std::string> allowed_models;     // allow list; empty: all
  // Only this account, or the accounts of this group, serve the key; at most one of them is set.
  std::optional<account_id> bound_account;
  std::optional<group_id> bound_group;
  bool binding_fallback = false;  // where those cannot, the shared accounts do
  int queue_priority = 50;        // 1..100: where requests wait, a smaller number goes first
  key_limits limits;
  std::vector<std::string> allowed_clients;  // relay/client_kind.hpp; empty: all
  // What a service's cost is multiplied with, in millionths; a service it does not name: 1. See
  // relay/service_rates.hpp.
  std::map<std::string, std::int64_t, std::less<>> service_rates;
  bool is_active = true;
  // Its life, counted from its first use; 0: it does not depend on that. The store sets
  // `activated_at` once, and with it expires_at = activated_at + activation.
  std::chrono::seconds activation{0};
  std::optional<wall_time> activated_at;
  std::optional<wall_time> expires_at;
  std::optional<wall_time> deleted_at;  // soft delete; such a key is "not found"
  std::vector<std::string> tags;
  wall_time created_at{};
  wall_time updated_at{};

  bool is_bound() const { return bound_account || bound_group; }
};

// Its life is to be counted from its first use, which has not been stored yet.
inline bool awaits_first_use(const api_key& key) {
  return key.activation.count() > 0 && !key.activated_at;
}

// Whether `key` may be used now at all: active, not deleted, not expired. The texts are those of
// v1's 401 answers.
result<void> check_usable(const api_key& key, wall_time now);

// Whether `key` may use `service` ("claude", "openai", …) and `model`.
result<void> check_service(const api_key& key, std::string_view service);
result<void> check_model(const api_key& key, std::string_view model);

// The text of a new key: prefix (default "cr_") + 64 hex digits from the system's random source.
std::string generate_key_text(std::string_view prefix);

// Lowercase hex SHA-256 of key text followed by the encryption key: v1's formula, so that v1's keys
// keep working.
std::string hash_key_text(std::string_view key_text, std::string_view encryption_key);

}  // namespace baton::relay
