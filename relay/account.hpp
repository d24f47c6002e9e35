// An upstream account, as its operator configured it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace baton::relay {

// HTTP CONNECT (http) or SOCKS5 proxy in front of the upstream. `type` empty: none.
struct proxy_settings {
  std::string type;  // "http" or "socks5"
  std::string host;
  std::uint16_t port = 0;
  std::string username;
  std::string password;  // secret

  bool enabled() const { return !type.empty(); }
  friend bool operator==(const proxy_settings&, const proxy_settings&) = default;
};

// Secrets, decrypted; they live in memory only and are never logged or listed.
struct account_credential {
  std::string api_key;
  std::string session_token;      // wins over api_key where both are set
  std::string secret_access_key;  // bedrock, AWS; session_token then is a temporary credential's

  const std::string& effective() const { return session_token.empty() ? api_key : session_token; }
};

// Which keys an account serves.
enum class account_type : std::uint8_t {
  shared,     // every key that is not bound to something else
  dedicated,  // keys bound to it only
  group,      // keys bound to one of its groups only
};

// What becomes of an answer whose client has left.
struct disconnect_policy {
  enum class action : std::uint8_t {
    cancel,  // the upstream's connection is closed at once
    drain,   // the answer is read on, so that its usage is known
  };
  action what = action::cancel;
  std::chrono::seconds drain_max{0};  // how long at most; 0: to the answer's end

  friend bool operator==(const disconnect_policy&, const disconnect_policy&) = default;
};

// Where an account differs from the configuration's [timeouts]; unset: it does not.
struct account_timeouts {
  std::optional<std::chrono::milliseconds> connect;
  std::optional<std::chrono::milliseconds> tls_handshake;
  std::optional<std::chrono::milliseconds> stream_head;
  std::optional<std::chrono::milliseconds> json_head;
  std::optional<std::chrono::milliseconds> first_event;
  std::optional<std::chrono::milliseconds> between_events;
  std::optional<std::chrono::milliseconds> total;  // one try, from its start to its answer's end

  friend bool operator==(const account_timeouts&, const account_timeouts&) = default;
};

// What an account may use in a day; 0: no quota. The day begins at midnight of time.utc_offset.
struct daily_quota {
  std::uint64_t tokens = 0;
  std::uint64_t cost_nanousd = 0;

  bool any() const { return tokens != 0 || cost_nanousd != 0; }
  friend bool operator==(const daily_quota&, const daily_quota&) = default;
};

struct account {
  account_id id;
  std::string platform;  // relay/platforms/registry.hpp knows the ids
  std::string name;
  std::string description;
  // Origin, origin with prefix, or the full route. May be empty where the platform has an address
  // of its own.
  std::string api_url;
  std::string region;           // bedrock
  std::string access_key_id;    // bedrock; names the AWS key, no secret
  std::string deployment_name;  // azure-openai
  std::string api_version;      // azure-openai
  account_credential credential;
  int priority = 50;                    // 1..100, a smaller number is chosen first
  std::uint32_t concurrency_limit = 0;  // requests at once; 0: no limit
  // model the client asks for -> model sent upstream. Empty: every model, unchanged.
  std::map<std::string, std::string, std::less<>> models;
  proxy_settings proxy;
  account_type type = account_type::shared;
  std::vector<group_id> groups;  // those it belongs to
  daily_quota quota;
  disconnect_policy on_disconnect;
  account_timeouts timeouts;
  // How long to keep away after a failure, by the failure's kind (relay/verdict.hpp), where it
  // differs from the table there; 0 s: not at all.
  std::map<std::string, std::chrono::seconds, std::less<>> cooldowns;
  bool is_active = true;
  bool schedulable = true;
  std::vector<std::string> tags;
  wall_time created_at{};
  wall_time updated_at{};

  // The name to send upstream for `model`, or nothing if this account does not serve it. An
  // account without a list serves every model.
  bool serves_model(std::string_view model) const {
    return models.empty() || models.find(model) != models.end();
  }
  std::string_view upstream_model(std::string_view model) const {
    const auto entry = models.find(model);
    return entry == models.end() ? model : std::string_view(entry->second);
  }
};

}  // namespace baton::relay
