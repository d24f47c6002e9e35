// The kinds of values settings take: how each is read from text, bounded and spelled again.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baton::app {

// "33554432", "32MiB", "64 KiB", "1GiB".
std::optional<std::uint64_t> parse_bytes(std::string_view text);
std::string spell_bytes(std::uint64_t bytes);

// "30", "0.5", "30s", "500ms", "10m", "2h", "30d"; a bare number is seconds. To the millisecond.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::string spell_duration(std::chrono::milliseconds duration);  // in seconds, without the unit

// "true", "false", "1", "0", "yes", "no", "on", "off".
std::optional<bool> parse_boolean(std::string_view text);

// "1.25" as 1'250'000: up to six decimals, 1000 at most.
std::optional<std::int64_t> parse_millionths(std::string_view text);
std::string spell_millionths(std::int64_t millionths);

// What a text setting takes: `read` gives the value to keep, or nothing if it is not allowed.
struct text_rule {
  std::string_view allowed;
  std::optional<std::string> (*read)(std::string_view text);
};

extern const text_rule ip_address_rule;
extern const text_rule path_rule;
extern const text_rule optional_path_rule;
extern const text_rule key_prefix_rule;
extern const text_rule user_name_rule;
extern const text_rule secret_rule;
extern const text_rule jwt_secret_rule;
extern const text_rule listen_address_rule;
// Of one element of a list.
extern const text_rule address_range_rule;
extern const text_rule origin_rule;

struct listen_address {
  std::string host;  // an IP address
  std::uint16_t port = 0;
};
// "127.0.0.1:3001", "[::1]:3001", "localhost:3001".
std::optional<listen_address> parse_listen_address(std::string_view text);

}  // namespace baton::app
