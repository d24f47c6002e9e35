#include "relay/platforms/account_checks.hpp"

#include <simdjson.h>

#include <algorithm>
#include <string>

#include "relay/account_text.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t secret_bytes_max = 8192;
constexpr std::size_t model_bytes_max = 256;
constexpr std::size_t models_max = 1000;
constexpr std::size_t region_bytes_max = 32;
constexpr std::size_t access_key_id_bytes_max = 128;  // AWS IAM, AccessKey.AccessKeyId
constexpr std::size_t deployment_bytes_max = 64;
constexpr std::size_t api_version_bytes_max = 32;
constexpr std::size_t proxy_host_bytes_max = 253;
constexpr std::size_t proxy_login_bytes_max = 255;  // RFC 1929 section 2
constexpr std::size_t groups_max = 64;
constexpr std::uint64_t quota_tokens_max = 1'000'000'000'000;
// A million dollars: up to there an amount has 15 digits, so it is exact as a number of JSON.
constexpr std::uint64_t quota_nanousd_max = 1'000'000'000'000'000;
constexpr std::chrono::milliseconds timeout_max = std::chrono::hours(24);
constexpr std::chrono::seconds rule_cooldown_max = std::chrono::hours(24 * 7);
constexpr std::chrono::seconds drain_max = std::chrono::hours(1);

error wrong(std::string_view field, std::string_view what) {
  return downstream_error(error_code::invalid_argument,
                          std::string(field) + " " + std::string(what));
}

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// A model's name is written into JSON bodies as it is, between their quotes.
bool is_model_name(std::string_view name) {
  const auto breaks_json = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"' || c == '\\';
  };
  return !name.empty() && name.size() <= model_bytes_max &&
         std::none_of(name.begin(), name.end(), breaks_json) &&
         simdjson::validate_utf8(name.data(), name.size());
}

result<void> check_models(const account& config) {
  if (config.models.size() > models_max) {
    return wrong("supportedModels", "must not have more than 1000 entries");
  }
  for (const auto& [from, to] : config.models) {
    if (is_model_name(from) && is_model_name(to)) continue;
    return wrong("supportedModels",
                 "must name models in 1 to 256 bytes without control characters, quotes and "
                 "backslashes");
  }
  return {};
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter_or_digit(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c);
}

template <class Allowed>
bool consists_of(std::string_view text, std::size_t bytes_max, Allowed allowed) {
  return text.size() <= bytes_max && std::all_of(text.begin(), text.end(), allowed);
}

// What goes into host names, paths, queries and signatures. Whether it may be empty is for the
// platform that reads it.
result<void> check_address(const account& config) {
  if (!consists_of(config.region, region_bytes_max,
                   [](char c) { return is_lower(c) || is_digit(c) || c == '-'; })) {
    return wrong("region", "must have at most 32 lower-case letters, digits and '-'");
  }
  if (config.access_key_id.size() > access_key_id_bytes_max ||
      !is_visible_ascii(config.access_key_id)) {
    return wrong("accessKeyId", "must have at most 128 visible ASCII characters and no spaces");
  }
  if (!consists_of(config.deployment_name, deployment_bytes_max, [](char c) {
        return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
      })) {
    return wrong("deploymentName", "must have at most 64 letters, digits, '-', '_' and '.'");
  }
  if (!consists_of(config.api_version, api_version_bytes_max,
                   [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; })) {
    return wrong("apiVersion", "must have at most 32 letters, digits, '-' and '.'");
  }
  // As a segment of a path these two would mean another one (RFC 3986 section 5.2.4).
  if (config.deployment_name == "." || config.deployment_name == "..") {
    return wrong("deploymentName", "must not be '.' or '..'");
  }
  return {};
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

result<void> check_proxy(const proxy_settings& proxy) {
  if (!proxy.enabled()) return {};
  if (proxy.type != "http" && proxy.type != "socks5") {
    return wrong("proxy.type", "must be http or socks5");
  }
  if (proxy.host.empty() || proxy.host.size() > proxy_host_bytes_max ||
      !is_visible_ascii(proxy.host) || proxy.host.find_first_of("/@?#\\[]") != std::string::npos) {
    return wrong("proxy.host", "must be a host name or an address without brackets");
  }
  if (proxy.port == 0) return wrong("proxy.port", "must be 1 to 65535");
  for (const auto& [field, text] : {std::pair("proxy.username", &proxy.username),
                                    std::pair("proxy.password", &proxy.password)}) {
    if (text->size() > proxy_login_bytes_max || has_control_character(*text)) {
      return wrong(field, "must have at most 255 bytes and no control characters");
    }
  }
  if (proxy.username.empty() && !proxy.password.empty()) {
    return wrong("proxy.username", "is required where there is a password");
  }
  // RFC 7617 section 2: the first colon ends the name.
  if (proxy.type == "http" && proxy.username.find(':') != std::string::npos) {
    return wrong("proxy.username", "must not have a colon for an http proxy");
  }
  return {};
}

result<void> check_groups(const account& config) {
  if (config.groups.size() > groups_max) {
    return wrong("groupIds", "must not have more than 64 entries");
  }
  for (const auto& group : config.groups) {
    if (group.value().empty()) return wrong("groupIds", "must not have an empty entry");
  }
  if (config.type == account_type::group && config.groups.empty()) {
    return wrong("groupIds", "must name a group where accountType is group");
  }
  return {};
}

result<void> check_quota(const daily_quota& quota) {
  if (quota.tokens > quota_tokens_max) {
    return wrong("dailyQuota.tokens", "must be at most 1000000000000");
  }
  if (quota.cost_nanousd > quota_nanousd_max) {
    return wrong("dailyQuota.usd", "must be at most 1000000");
  }
  return {};
}

result<void> check_disconnect_policy(const disconnect_policy& policy) {
  const bool bounded = policy.drain_max.count() != 0;
  if (policy.what == disconnect_policy::action::cancel && bounded) {
    return wrong("disconnectPolicy", "must be cancel, drain or drain:SECONDS");
  }
  if (policy.drain_max.count() < 0 || policy.drain_max > drain_max) {
    return wrong("disconnectPolicy", "must drain for 1 to 3600 seconds, or without a bound");
  }
  return {};
}

result<void> check_timeouts(const account_timeouts& timeouts) {
  for (const auto& field : timeout_fields) {
    const auto& value = timeouts.*field.value;
    if (!value || (value->count() >= 1 && *value <= timeout_max)) continue;
    return wrong("timeouts." + std::string(field.json_name),
                 "must be 1 ms to 86400 s (86400000 ms)");
  }
  return {};
}

result<void> check_cooldowns(const account& config) {
  for (const auto& [kind, length] : config.cooldowns) {
    if (!may_have_cooldown(kind)) {
      return wrong("cooldowns", "must name failures out of: " + cooldown_names());
    }
    if (length.count() < 0 || length > rule_cooldown_max) {
      return wrong("cooldowns." + kind, "must be 0 to 604800 seconds");
    }
  }
  return {};
}

}  // namespace

result<void> check_model_name(std::string_view field, std::string_view name) {
  if (is_model_name(name)) return {};
  return wrong(field,
               "must have 1 to 256 bytes without control characters, quotes and backslashes");
}

result<void> check_header_secret(std::string_view field, std::string_view secret) {
  if (secret.size() > secret_bytes_max) return wrong(field, "must not be longer than 8192 bytes");
  if (!is_visible_ascii(secret)) {
    return wrong(field, "must not have spaces, line ends, control or non-ASCII characters");
  }
  return {};
}

result<void> check_key_or_token(const account_credential& credential) {
  // Both are looked at: the one that does not count now may do so after the next change.
  if (auto key = check_header_secret("apiKey", credential.api_key); !key) return key.error();
  if (auto token = check_header_secret("sessionToken", credential.session_token); !token) {
    return token.error();
  }
  if (!credential.effective().empty()) return {};
  return wrong("apiKey or sessionToken", "is required");
}

result<endpoint> check_api_url(const account& config, std::string_view usual) {
  if (config.api_url.empty() && usual.empty()) return wrong("apiUrl", "is required");
  auto target = parse_endpoint(config.api_url.empty() ? usual : config.api_url);
  if (target) return target;
  return wrong("apiUrl", "is not usable: " + target.error().text);
}

result<void> check_common_fields(const account& config) {
  if (config.priority < 1 || config.priority > 100) return wrong("priority", "must be 1 to 100");
  if (auto address = check_address(config); !address) return address.error();
  if (auto models = check_models(config); !models) return models.error();
  if (auto groups = check_groups(config); !groups) return groups.error();
  if (auto quota = check_quota(config.quota); !quota) return quota.error();
  if (auto policy = check_disconnect_policy(config.on_disconnect); !policy) return policy.error();
  if (auto timeouts = check_timeouts(config.timeouts); !timeouts) return timeouts.error();
  if (auto cooldowns = check_cooldowns(config); !cooldowns) return cooldowns.error();
  return check_proxy(config.proxy);
}

}  // namespace baton::relay
