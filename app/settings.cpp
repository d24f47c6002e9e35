#include "app/settings.hpp"

#include <sched.h>

#include <algorithm>

#include "app/listening_settings.hpp"
#include "app/relaying_settings.hpp"
#include "app/setting_makers.hpp"
#include "app/usage_settings.hpp"
#include "base/text.hpp"

namespace baton::app {
namespace {

using namespace std::chrono_literals;

template <auto Member>
using server = make_setting::field<&config::server, Member>;
template <auto Member>
using storage = make_setting::field<&config::storage, Member>;
template <auto Member>
using limit = make_setting::field<&config::limits, Member>;
template <auto Member>
using timeout = make_setting::field<&config::timeouts, Member>;
using ca_file = make_setting::field<&config::upstream, &upstream_settings::ca_file>;
using key_prefix = make_setting::field<&config::keys, &key_settings::prefix>;
using key_end = make_setting::field<&config::keys, &key_settings::on_disable>;
using admin_name = make_setting::field<&config::admin, &admin_settings::username>;
using admin_password = make_setting::field<&config::admin, &admin_settings::password>;
using jwt_secret = make_setting::field<&config::admin, &admin_settings::jwt_secret>;
using admin_session = make_setting::field<&config::admin, &admin_settings::session>;
using log_threshold = make_setting::field<&config::log, &log_settings::level>;
using log_style = make_setting::field<&config::log, &log_settings::format>;
using per_key = make_setting::field<&config::metrics, &metrics_settings::per_key>;

std::vector<setting> server_table() {
  using namespace make_setting;
  return {
      text_value<server<&server_settings::host>>("server.host", "host", ip_address_rule,
                                                 "Address to listen on; 0.0.0.0 or :: for all"),
      number<server<&server_settings::port>>("server.port", "port", 0, 65535,
                                             "Port to listen on; 0 takes any free one"),
      number<server<&server_settings::workers>>("server.workers", "workers", 0, 256,
                                                "Worker threads; 0 means one per core"),
      duration<server<&server_settings::drain>>(
          "server.drain_seconds", {}, 3600s,
          "How long live requests may go on after a signal to stop"),
      text_value<storage<&storage_settings::data_dir>>(
          "storage.data_dir", "data-dir", path_rule,
          "Folder of the database, the encryption key and baton.toml"),
      secret(text_value<storage<&storage_settings::encryption_key>>(
          "storage.encryption_key", "encryption-key", secret_rule,
          "Encrypts credentials and hashes keys; made at the first start if not given")),
  };
}

std::vector<setting> limit_table() {
  using namespace make_setting;
  return {
      bytes<limit<&limit_settings::body_bytes_max>>("limits.body_bytes_max", 1 << 10, 4ull << 30,
                                                    "Largest request body"),
      bytes<limit<&limit_settings::head_bytes_max>>("limits.head_bytes_max", 4 << 10, 1 << 20,
                                                    "Largest request or answer head"),
      bytes<limit<&limit_settings::buffered_body_bytes_max>>(
          "limits.buffered_body_bytes_max", 1 << 20, 1ull << 40,
          "Request bodies held in memory by all requests together"),
      number<limit<&limit_settings::connections_max>>("limits.connections_max", {}, 1, 1'000'000,
                                                      "Client connections at once"),
  };
}

std::vector<setting> timeout_table() {
  using namespace make_setting;
  return {
      duration<timeout<&timeout_settings::client_idle>>(
          "timeouts.client_idle", 1ms, 86400s, "A client connection without a request is closed"),
      duration<timeout<&timeout_settings::client_head>>(
          "timeouts.client_head", 1ms, 86400s, "A client must have sent its whole request head"),
      duration<timeout<&timeout_settings::client_body>>(
          "timeouts.client_body", 1ms, 86400s, "A client must send the next part of its body"),
      duration<timeout<&timeout_settings::client_write>>(
          "timeouts.client_write", 1ms, 86400s, "A client must take the next part of an answer"),
      duration<timeout<&timeout_settings::connect>>("timeouts.connect", 1ms, 600s,
                                                    "Connecting to an upstream or its proxy"),
      duration<timeout<&timeout_settings::tls_handshake>>(
          "timeouts.tls_handshake", 1ms, 600s, "TLS handshake with an upstream or a client"),
      duration<timeout<&timeout_settings::stream_head>>("timeouts.stream_head", 1ms, 86400s,
                                                        "Start of an upstream's streamed answer"),
      duration<timeout<&timeout_settings::first_event>>(
          "timeouts.first_event", 1ms, 86400s,
          "First event of an upstream's stream, after its head"),
      duration<timeout<&timeout_settings::json_head>>(
          "timeouts.json_head", 1ms, 86400s, "Start of an upstream's answer that is no stream"),
      duration<timeout<&timeout_settings::between_events>>(
          "timeouts.between_events", 1ms, 86400s, "Silence of an upstream within an answer"),
      duration<timeout<&timeout_settings::upstream_idle>>(
          "timeouts.upstream_idle", {}, 3600s, "An unused upstream connection is kept this long"),
      duration<timeout<&timeout_settings::total>>("timeouts.total", 1ms, 86400s,
                                                  "One request, all its tries together"),
  };
}

std::vector<setting> other_table() {
  using namespace make_setting;
  return {
      text_value<ca_file>("upstream.ca_file", {}, optional_path_rule,
                          "Trusted certificates (PEM) for upstreams; default: the system's"),
      text_value<key_prefix>("keys.prefix", {}, key_prefix_rule, "What new API keys start with"),
      choice<key_end, 2>("keys.on_disable", {}, {"finish", "cut"},
                         "A key's running answers when it is disabled or deleted"),
      text_value<admin_name>("admin.username", {}, user_name_rule, "Name of the administrator"),
      secret(text_value<admin_password>("admin.password", {}, secret_rule,
                                        "Made at the first start and shown once if not given")),
      secret(text_value<jwt_secret>("admin.jwt_secret", {}, jwt_secret_rule,
                                    "Signs logins; made at the first start if not given")),
      duration<admin_session>("admin.session_seconds", 60s, 30 * 86400s,
                              "How long a login of the administrator lasts"),
      choice<log_threshold, 5>("log.level", "log-level",
                               {"trace", "debug", "info", "warn", "error"},
                               "Least important lines to log"),
      choice<log_style, 3>("log.format", "log-format", {"auto", "text", "json"},
                           "auto is text on a terminal and JSON lines otherwise"),
      boolean<per_key>("metrics.per_key", "Count requests and tokens of each API key, by its id"),
  };
}

}  // namespace

const std::vector<setting>& settings() {
  static const auto table = [] {
    auto all = server_table();
    for (auto* part : {&listening_settings, &limit_table, &timeout_table, &relaying_settings,
                       &usage_settings_table, &other_table}) {
      for (auto& each : part()) all.push_back(std::move(each));
    }
    return all;
  }();
  return table;
}

const setting* find_setting(std::string_view name) {
  const auto& all = settings();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const setting& each) { return each.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string environment_name(std::string_view name) {
  std::string variable = "BATON_";
  for (const char c : name) {
    variable += c == '.' || c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return variable;
}

std::string shown_value(const setting& which, const config& values) {
  auto spelled = which.spell(values);
  return which.secret && !spelled.empty() ? "****" : spelled;
}

std::uint32_t worker_count(const config& settings) {
  if (settings.server.workers != 0) return settings.server.workers;
  cpu_set_t usable;
  if (::sched_getaffinity(0, sizeof usable, &usable) != 0) return 1;
  return static_cast<std::uint32_t>(std::max(1, CPU_COUNT(&usable)));
}

}  // namespace baton::app
