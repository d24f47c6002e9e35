// An account's fields as text: the one table of names that database, command line and JSON share.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "relay/account.hpp"
#include "relay/verdict.hpp"

namespace baton::relay {

std::string_view to_string(account_type type);  // "shared", "dedicated", "group"
std::optional<account_type> parse_account_type(std::string_view text);

// "cancel", "drain" (to the answer's end) or "drain:30" (seconds). An "s" after the number is taken
// too. The number's range is checked elsewhere (relay/platforms/account_checks.hpp), but 0, which
// would mean no bound, is refused here.
std::string to_string(const disconnect_policy& policy);
std::optional<disconnect_policy> parse_disconnect_policy(std::string_view text);

struct timeout_field {
  std::string_view name;
  std::string_view json_name;  // in milliseconds
  std::optional<std::chrono::milliseconds> account_timeouts::*value;
};

inline constexpr std::array<timeout_field, 7> timeout_fields = {{
    {"connect", "connectMs", &account_timeouts::connect},
    {"tls_handshake", "tlsHandshakeMs", &account_timeouts::tls_handshake},
    {"stream_head", "streamHeadMs", &account_timeouts::stream_head},
    {"json_head", "jsonHeadMs", &account_timeouts::json_head},
    {"first_event", "firstEventMs", &account_timeouts::first_event},
    {"between_events", "betweenEventsMs", &account_timeouts::between_events},
    {"total", "totalMs", &account_timeouts::total},
}};
const timeout_field* find_timeout_field(std::string_view name);  // null: there is none
std::string timeout_names();                                     // "connect, tls_handshake, …"

// The failures whose cooldown an account can set.
inline constexpr std::array<failure_kind, 8> cooldown_kinds = {
    failure_kind::connect,      failure_kind::timeout,     failure_kind::broken,
    failure_kind::unauthorized, failure_kind::forbidden,   failure_kind::rate_limited,
    failure_kind::overloaded,   failure_kind::server_error};
bool may_have_cooldown(std::string_view kind);
std::string cooldown_names();  // "connect, timeout, …"

}  // namespace baton::relay
