#include "admin/proxy_fields.hpp"

#include <utility>

#include "base/text.hpp"

namespace baton::admin {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using relay::account;
using relay::proxy_settings;

value_kind<std::string> proxy_type() {
  auto kind = one_of({"http", "socks5"});
  kind.read = [read = std::move(kind.read)](const json& value,
                                            const std::string& path) -> result<std::string> {
    if (value != "https") return read(value, path);
    return field_error(path,
                       "must be http or socks5: proxies that are spoken to over TLS (https) cannot "
                       "be used yet");
  };
  return kind;
}

value_kind<std::string> host_name() {
  return kept_as<std::string>(
      line(1, 253), [](std::string_view host) { return text::to_lower(host); },
      [](const std::string& host) { return host; });
}

const field_table<proxy_settings>& proxy_fields() {
  static const field_table<proxy_settings> all = {
      required(writable<proxy_settings>("type", "How it is spoken to", &proxy_settings::type,
                                        proxy_type())),
      required(writable<proxy_settings>("host", "Name, or address without brackets",
                                        &proxy_settings::host, host_name())),
      required(writable<proxy_settings>("port", "Its port", &proxy_settings::port,
                                        whole_number<std::uint16_t>(1, 65'535))),
      writable<proxy_settings>("username", "Empty: it is used without a login",
                               &proxy_settings::username, line(0, 255)),
      secret<proxy_settings>("password", "Of that user; null removes it",
                             &proxy_settings::password),
      read_only<proxy_settings>(
          "passwordSet", "Whether there is a password",
          [](const proxy_settings& proxy) { return !proxy.password.empty(); }, boolean()),
  };
  return all;
}

// Of a proxy that is there already, each field may be sent alone.
ordered_json proxy_schema() {
  auto schema = change_schema_of(proxy_fields());
  schema["type"] = {"object", "null"};
  return schema;
}

result<void> read_proxy(account& config, const json& value, const std::string& path) {
  if (value.is_null()) {
    config.proxy = {};
    return {};
  }
  if (!value.is_object()) return field_error(path, "must be an object, or null for no proxy");
  const auto mode = config.proxy.enabled() ? read_mode::update : read_mode::create;
  if (auto done = read_fields(proxy_fields(), value, config.proxy, mode, path + '.'); !done) {
    return done;
  }
  if (config.proxy.username.empty() && !value.contains("password")) config.proxy.password.clear();
  return {};
}

}  // namespace

field<account> proxy_field() {
  field<account> made;
  made.name = "proxy";
  made.about = "The proxy on the way to the upstream; what of it is not sent stays as it is";
  made.schema = proxy_schema();
  made.read = &read_proxy;
  made.show = [](const account& config) {
    return config.proxy.enabled() ? show_fields(proxy_fields(), config.proxy)
                                  : ordered_json(nullptr);
  };
  made.same = [](const account& a, const account& b) {
    return a.proxy.password == b.proxy.password;
  };
  return made;
}

}  // namespace baton::admin
