#include "app/listening_settings.hpp"

#include "app/setting_makers.hpp"

namespace baton::app {
namespace {

template <auto Member>
using server = make_setting::field<&config::server, Member>;
template <auto Member>
using admin = make_setting::field<&config::admin, Member>;

}  // namespace

std::vector<setting> listening_settings() {
  using namespace make_setting;
  return {
      text_value<server<&server_settings::tls_cert_file>>(
          "server.tls_cert_file", {}, optional_path_rule,
          "Certificate (PEM) for clients, with its chain; without it they speak plain HTTP"),
      text_value<server<&server_settings::tls_key_file>>(
          "server.tls_key_file", {}, optional_path_rule, "The certificate's private key (PEM)"),
      list<server<&server_settings::trusted_proxies>>(
          "server.trusted_proxies", address_range_rule,
          "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed"),
      text_value<admin<&admin_settings::listen>>(
          "admin.listen", {}, listen_address_rule,
          "Where the administration and /metrics are; default: on the relay's port"),
      text_value<admin<&admin_settings::tls_cert_file>>(
          "admin.tls_cert_file", {}, optional_path_rule,
          "Certificate (PEM) at admin.listen; default: that of server.tls_cert_file"),
      text_value<admin<&admin_settings::tls_key_file>>("admin.tls_key_file", {}, optional_path_rule,
                                                       "Its private key (PEM)"),
      list<admin<&admin_settings::allowed_addresses>>(
          "admin.allowed_addresses", address_range_rule,
          "From where the administration and /metrics may be used; default: from everywhere"),
      list<admin<&admin_settings::cors_origins>>(
          "admin.cors_origins", origin_rule,
          "Whose pages may use the administration's API from a browser; default: no others'"),
  };
}

}  // namespace baton::app
