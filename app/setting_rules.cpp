#include "app/setting_rules.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <cmath>
#include <limits>
#include <utility>

#include "base/text.hpp"
#include "net/address_ranges.hpp"
#include "relay/decimal.hpp"
#include "relay/service_rates.hpp"

namespace baton::app {
namespace {

struct suffix {
  std::string_view name;  // lower case
  std::uint64_t factor;
};

constexpr std::array<suffix, 10> byte_suffixes = {{{"", 1},
                                                   {"b", 1},
                                                   {"k", 1ull << 10},
                                                   {"kb", 1ull << 10},
                                                   {"kib", 1ull << 10},
                                                   {"m", 1ull << 20},
                                                   {"mb", 1ull << 20},
                                                   {"mib", 1ull << 20},
                                                   {"g", 1ull << 30},
                                                   {"gib", 1ull << 30}}};

constexpr std::array<suffix, 6> duration_suffixes = {
    {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

// Splits "64 KiB" into "64" and the factor of its suffix; 0 if the suffix is none of these.
template <std::size_t Count>
std::pair<std::string_view, std::uint64_t> split_suffix(std::string_view value,
                                                        const std::array<suffix, Count>& known) {
  value = text::trim(value);
  const auto end = value.find_last_of("0123456789.") + 1;
  const auto name = text::to_lower(text::trim(value.substr(end)));
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const suffix& each) { return each.name == name; });
  return {value.substr(0, end), found == known.end() ? 0 : found->factor};
}

// `value` if it has no control characters and a length within the bounds.
std::optional<std::string> plain_text(std::string_view value, std::size_t bytes_min,
                                      std::size_t bytes_max) {
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
  };
  if (value.size() < bytes_min || value.size() > bytes_max ||
      std::any_of(value.begin(), value.end(), is_control)) {
    return std::nullopt;
  }
  return std::string(value);
}

}  // namespace

std::optional<std::uint64_t> parse_bytes(std::string_view value) {
  const auto [digits, factor] = split_suffix(value, byte_suffixes);
  const auto number = text::parse_number<std::uint64_t>(digits);
  if (!number || factor == 0 || *number > std::numeric_limits<std::uint64_t>::max() / factor) {
    return std::nullopt;
  }
  return *number * factor;
}

std::string spell_bytes(std::uint64_t bytes) {
  constexpr std::array<suffix, 3> units = {{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}};
  for (const auto& [name, factor] : units) {
    if (bytes != 0 && bytes % factor == 0) {
      return std::to_string(bytes / factor) + std::string(name);
    }
  }
  return std::to_string(bytes);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view value) {
  const auto [digits, factor] = split_suffix(value, duration_suffixes);
  const auto number = text::parse_number<double>(digits);
  if (!number || factor == 0 || !(*number >= 0) || *number > 1e10) return std::nullopt;
  return std::chrono::milliseconds(std::llround(*number * static_cast<double>(factor)));
}

std::string spell_duration(std::chrono::milliseconds duration) {
  auto spelled = std::to_string(duration.count() / 1000);
  if (const auto rest = duration.count() % 1000; rest != 0) {
    auto fraction = std::to_string(1000 + rest).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    spelled += '.' + fraction;
  }
  return spelled;
}

std::optional<std::int64_t> parse_millionths(std::string_view value) {
  constexpr std::size_t decimals_max = 6;
  value = text::trim(value);
  const auto point = value.find('.');
  if (value.find_first_not_of("0123456789.") != value.npos) return std::nullopt;
  if (point != value.npos && value.size() - point - 1 > decimals_max) return std::nullopt;
  return relay::parse_decimal(value, decimals_max, relay::service_rate_max);
}

std::string spell_millionths(std::int64_t millionths) {
  auto spelled = std::to_string(millionths / relay::rate_one);
  if (const auto rest = millionths % relay::rate_one; rest != 0) {
    auto fraction = std::to_string(relay::rate_one + rest).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    spelled += '.' + fraction;
  }
  return spelled;
}

std::optional<bool> parse_boolean(std::string_view value) {
  const auto word = text::to_lower(text::trim(value));
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off") return false;
  return std::nullopt;
}

// Rows of the settings table are made from these before main() or in it, whatever comes first, so
// they must be constants.
constinit const text_rule ip_address_rule = {
    "an IP address or localhost", [](std::string_view value) -> std::optional<std::string> {
      if (value == "localhost") return "127.0.0.1";
      boost::system::error_code failure;
      const auto address = boost::asio::ip::make_address(value, failure);
      if (failure) return std::nullopt;
      return address.to_string();
    }};

constinit const text_rule path_rule = {
    "the path of a folder", [](std::string_view value) { return plain_text(value, 1, 4000); }};

constinit const text_rule optional_path_rule = {
    "the path of a file", [](std::string_view value) { return plain_text(value, 0, 4000); }};

constinit const text_rule key_prefix_rule = {
    "1 to 32 letters, digits, _ or -", [](std::string_view value) {
      const auto allowed = [](char c) {
        const char small = text::lower(c);
        return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
      };
      const bool good = std::all_of(value.begin(), value.end(), allowed);
      return good ? plain_text(value, 1, 32) : std::nullopt;
    }};

constinit const text_rule user_name_rule = {
    "1 to 64 characters", [](std::string_view value) { return plain_text(value, 1, 64); }};

// As long as the hash that it keys (RFC 7518, 3.2), and none that everybody can read.
constinit const text_rule jwt_secret_rule = {
    "32 to 1024 characters on one line, and not v1's placeholder",
    [](std::string_view value) -> std::optional<std::string> {
      if (value == "CHANGE-THIS-JWT-SECRET-IN-PRODUCTION") return std::nullopt;
      return plain_text(value, 32, 1024);
    }};

constinit const text_rule secret_rule = {
    "1 to 1024 characters on one line",
    [](std::string_view value) { return plain_text(value, 1, 1024); }};

constinit const text_rule listen_address_rule = {
    "ADDRESS:PORT with an IP address or localhost, or nothing",
    [](std::string_view value) -> std::optional<std::string> {
      if (value.empty()) return std::string();
      const auto parsed = parse_listen_address(value);
      if (!parsed) return std::nullopt;
      const bool is_v6 = parsed->host.find(':') != std::string::npos;
      return (is_v6 ? '[' + parsed->host + ']' : parsed->host) + ':' + std::to_string(parsed->port);
    }};

constinit const text_rule address_range_rule = {
    "IP addresses and networks such as 10.0.0.0/8, separated by commas",
    [](std::string_view value) -> std::optional<std::string> {
      if (!net::address_range::parse(value)) return std::nullopt;
      return std::string(value);
    }};

// As browsers send it: lower case, without a path (RFC 6454 section 6.2).
constinit const text_rule origin_rule = {
    "origins such as https://admin.example.com, separated by commas, or *",
    [](std::string_view value) -> std::optional<std::string> {
      if (value == "*") return std::string(value);
      auto origin = text::to_lower(value);
      const bool is_http = origin.starts_with("http://") || origin.starts_with("https://");
      const auto host = origin.find("://") + 3;
      if (!is_http || host == origin.size() ||
          origin.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._:[]", host) !=
              origin.npos) {
        return std::nullopt;
      }
      return origin;
    }};

std::optional<listen_address> parse_listen_address(std::string_view value) {
  const auto colon = value.rfind(':');
  if (colon == value.npos) return std::nullopt;
  auto host = value.substr(0, colon);
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (in_brackets) host = host.substr(1, host.size() - 2);
  const auto address = ip_address_rule.read(host);
  const auto port = text::parse_number<std::uint16_t>(value.substr(colon + 1));
  if (!address || !port || in_brackets != (address->find(':') != std::string::npos)) {
    return std::nullopt;
  }
  return listen_address{*address, *port};
}

}  // namespace baton::app
