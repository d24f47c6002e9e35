// Accounts and requests for the tests of the account pool.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "relay/account_pool.hpp"
#include "relay/platforms/anthropic_api.hpp"

namespace baton::relay::pool_test {

inline const steady_time now{std::chrono::hours(1)};

template <class Change>
ready_account_ptr make_with(const std::string& id, Change change) {
  account config;
  config.id = account_id(id);
  config.platform = "claude-console";
  config.api_url = "https://upstream.test";
  config.credential.api_key = "sk-test";
  change(config);
  auto ready = prepare_account(std::move(config));
  return std::make_shared<const ready_account>(*std::move(ready));
}

inline ready_account_ptr make(const std::string& id, int priority = 50) {
  return make_with(id, [priority](account& config) { config.priority = priority; });
}

inline ready_account_ptr make_dedicated(const std::string& id, int priority = 50) {
  return make_with(id, [priority](account& config) {
    config.priority = priority;
    config.type = account_type::dedicated;
  });
}

inline ready_account_ptr make_in_groups(const std::string& id, std::vector<group_id> groups,
                                        int priority = 50) {
  return make_with(id, [&](account& config) {
    config.priority = priority;
    config.type = account_type::group;
    config.groups = std::move(groups);
  });
}

inline choice_request any_request() {
  choice_request request;
  request.protocol = &anthropic_api();
  request.now = now;
  return request;
}

inline choice_request request_of(const api_key& key) {
  auto request = any_request();
  request.key = &key;
  return request;
}

inline api_key key_of_account(const std::string& id, bool fallback = false) {
  api_key key;
  key.bound_account = account_id(id);
  key.binding_fallback = fallback;
  return key;
}

inline api_key key_of_group(const std::string& id, bool fallback = false) {
  api_key key;
  key.bound_group = group_id(id);
  key.binding_fallback = fallback;
  return key;
}

inline account_status away_for(steady_time::duration time,
                               account_state reason = account_state::cooling_down) {
  return {.away_until = now + time, .reason = reason};
}

inline account_status full() {
  return {.full = true};
}

// Away with the models of one family alone: "opus", "sonnet" …
inline account_status limited_for(std::string_view family, steady_time::duration time) {
  account_status status;
  status.family_until.at(*family_of(family)) = now + time;
  return status;
}

inline std::string chosen(account_pool& pool, const choice_request& request = any_request()) {
  const auto choice = pool.choose(request);
  return choice.account ? choice.account->config.id.value() : "error: " + choice.refusal.text;
}

inline error refusal(account_pool& pool, const choice_request& request = any_request()) {
  const auto choice = pool.choose(request);
  return choice.account ? error{.text = "none: " + choice.account->config.id.value()}
                        : choice.refusal;
}

}  // namespace baton::relay::pool_test
