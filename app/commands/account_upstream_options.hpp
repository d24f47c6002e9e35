// The options of `baton account add` and `account set` that say where an account's requests go and
// what authenticates them.
#pragma once

#include <optional>
#include <string>

#include "app/command_line.hpp"
#include "base/error.hpp"
#include "relay/account.hpp"

namespace CLI {
class App;
}

namespace baton::app {

struct account_upstream_options {
  std::optional<std::string> api_url, region, access_key_id, deployment, api_version;
  bool api_key_stdin = false;
  bool session_token_stdin = false;
  bool secret_access_key_stdin = false;

  bool announces_credential() const {
    return api_key_stdin || session_token_stdin || secret_access_key_stdin;
  }
};

void add_account_upstream_options(CLI::App& command, account_upstream_options& options);

// All but the credential. An empty value removes what the account had; what the platform needs is
// for relay::prepare_account() to check.
void apply(const account_upstream_options& options, relay::account& account);

// Replaces the whole credential by the one that is announced on standard input, a secret access key
// before its session token. If none is, `required` says so and there is somebody to ask: asks for
// an API key, or for the secret of the AWS key that --access-key-id names. Errors:
// invalid_argument.
result<void> read_credential(const account_upstream_options& options, command_context& context,
                             bool required, relay::account_credential& credential);

}  // namespace baton::app
