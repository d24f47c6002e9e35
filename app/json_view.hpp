// Accounts, groups and keys as JSON and as words for people, with camelCase names and without
// secrets.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "relay/account.hpp"
#include "relay/account_group.hpp"
#include "relay/api_key.hpp"

namespace baton::app {

// Secrets are told as "apiKeySet", "sessionTokenSet", "secretAccessKeySet", "passwordSet".
nlohmann::ordered_json account_json(const relay::account& account);
nlohmann::ordered_json key_json(const relay::api_key& key);
nlohmann::ordered_json group_json(const relay::account_group& group);

// Indented, with its newline. Text that is no UTF-8 is repaired rather than refused.
std::string spell_json(const nlohmann::ordered_json& value);

std::string joined(const std::vector<std::string>& words, std::string_view empty);  // "a, b"
std::string shown_models(const relay::account& account);  // "all", "a, b=c"
std::string shown_credential(const relay::account_credential& credential);
std::string shown_quota(const relay::daily_quota& quota);             // "1000 tokens, 12.5 USD"
std::string shown_timeouts(const relay::account_timeouts& timeouts);  // "connect=2s"
std::string shown_cooldowns(const relay::account& account);           // "rate_limited=30s"
std::string shown_limits(const relay::key_limits& limits);
std::string shown_life(std::chrono::seconds life);       // "30d" or "12h": whole hours
std::string shown_state(const relay::account& account);  // "active", "off", "not scheduled"
std::string shown_state(const relay::api_key& key, wall_time now);

}  // namespace baton::app
