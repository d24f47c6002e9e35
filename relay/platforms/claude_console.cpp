#include "relay/platforms/claude_console.hpp"

#include "relay/platforms/account_checks.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view anthropic_key_prefix = "sk-ant-";

result<void> check_credential(const account_credential& credential) {
  // Both are looked at: the one that does not count now may do so after the next change.
  if (auto key = check_header_secret("apiKey", credential.api_key); !key) return key.error();
  if (auto token = check_header_secret("sessionToken", credential.session_token); !token) {
    return token.error();
  }
  if (!credential.effective().empty()) return {};
  return downstream_error(error_code::invalid_argument, "apiKey or sessionToken is required");
}

std::string credential_lines(const std::string& secret) {
  return secret.starts_with(anthropic_key_prefix) ? "x-api-key: " + secret + "\r\n"
                                                  : "Authorization: Bearer " + secret + "\r\n";
}

}  // namespace

bool claude_console::answers(const api& client_api) const {
  return &client_api == &anthropic_api();
}

result<ready_account> claude_console::prepare(account config) const {
  if (auto common = check_common_fields(config); !common) return common.error();
  if (auto credential = check_credential(config.credential); !credential) {
    return credential.error();
  }
  auto target = parse_endpoint(config.api_url);
  if (!target) {
    error failure = target.error();
    failure.text = "apiUrl is not usable: " + failure.text;
    return failure;
  }
  ready_account ready;
  ready.platform = this;
  ready.target = *std::move(target);
  ready.credential_lines = credential_lines(config.credential.effective());
  ready.config = std::move(config);
  return ready;
}

void claude_console::append_target(std::string& head, const outgoing_request& request) const {
  head += join_path(request.account.target.base_path, request.route.upstream_path);
  if (!request.query.empty()) {
    head += '?';
    head += request.query;
  }
}

void claude_console::append_credential(std::string& head, const outgoing_request& request) const {
  head += request.account.credential_lines;
}

}  // namespace baton::relay
