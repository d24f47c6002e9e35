// A client's key (`cr_` + 64 hex digits), as it is stored: hashed.
#pragma once

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

// What a key may use up. 0 means no limit.
struct key_limits {
  std::uint32_t concurrency = 0;     // requests at once
  std::uint32_t window_minutes = 0;  // length of the window the next two count in
  std::uint64_t window_requests = 0;
  std::uint64_t window_tokens = 0;
  std::uint32_t queue = 0;  // requests that may wait for one of `concurrency`; 0: refused at once

  bool any() const { return concurrency != 0 || window_requests != 0 || window_tokens != 0; }
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
  // What it pays in relation to everybody, in millionths, by service (relay/service_rates.hpp).
  std::map<std::string, std::int64_t> service_rates;
  bool is_active = true;
  std::optional<wall_time> expires_at;
  std::optional<wall_time> deleted_at;  // soft delete; such a key is "not found"
  std::vector<std::string> tags;
  wall_time created_at{};
  wall_time updated_at{};
};

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
