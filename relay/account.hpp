// An upstream account, as its operator configured it.
#pragma once

#include <cstdint>
#include <map>
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
  std::string session_token;  // wins over api_key where both are set

  const std::string& effective() const { return session_token.empty() ? api_key : session_token; }
};

struct account {
  account_id id;
  std::string platform;  // relay/platforms/registry.hpp knows the ids
  std::string name;
  std::string description;
  std::string api_url;  // origin, origin with prefix, or the full route
  account_credential credential;
  int priority = 50;                    // 1..100, a smaller number is chosen first
  std::uint32_t concurrency_limit = 0;  // requests at once; 0: no limit
  // model the client asks for -> model sent upstream. Empty: every model, unchanged.
  std::map<std::string, std::string, std::less<>> models;
  proxy_settings proxy;
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
