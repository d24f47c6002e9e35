#include "relay/platforms/account_checks.hpp"

#include <simdjson.h>

#include <algorithm>
#include <string>

namespace baton::relay {
namespace {

constexpr std::size_t secret_bytes_max = 8192;
constexpr std::size_t model_bytes_max = 256;
constexpr std::size_t models_max = 1000;
constexpr std::size_t proxy_host_bytes_max = 253;
constexpr std::size_t proxy_login_bytes_max = 255;  // RFC 1929 section 2

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

}  // namespace

result<void> check_header_secret(std::string_view field, std::string_view secret) {
  if (secret.size() > secret_bytes_max) return wrong(field, "must not be longer than 8192 bytes");
  if (!is_visible_ascii(secret)) {
    return wrong(field, "must not have spaces, line ends, control or non-ASCII characters");
  }
  return {};
}

result<void> check_common_fields(const account& config) {
  if (config.priority < 1 || config.priority > 100) return wrong("priority", "must be 1 to 100");
  if (auto models = check_models(config); !models) return models.error();
  return check_proxy(config.proxy);
}

}  // namespace baton::relay
