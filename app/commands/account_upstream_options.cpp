#include "app/commands/account_upstream_options.hpp"

#include <CLI/CLI.hpp>
#include <utility>

#include "app/secret_input.hpp"

namespace baton::app {
namespace {

void add_address_options(CLI::App& command, account_upstream_options& options) {
  command
      .add_option("--api-url", options.api_url,
                  "Where requests go: https://host[/prefix]; not needed where the platform has an "
                  "address of its own")
      ->type_name("URL");
  command.add_option("--region", options.region, "bedrock: the AWS region, such as eu-central-1")
      ->type_name("R");
  command
      .add_option("--deployment", options.deployment,
                  "azure-openai: the deployment that answers the requests")
      ->type_name("D");
  command
      .add_option("--api-version", options.api_version,
                  "azure-openai: the version of its API, such as 2025-04-01-preview")
      ->type_name("V");
}

void add_credential_options(CLI::App& command, account_upstream_options& options) {
  auto* const api_key =
      command.add_flag("--api-key-stdin", options.api_key_stdin,
                       "Read the API key from standard input; for bedrock, an API key of Bedrock");
  command
      .add_flag("--session-token-stdin", options.session_token_stdin,
                "claude-console: read the session token from standard input. bedrock: read that of "
                "a temporary AWS key, from the line after its secret access key")
      ->excludes(api_key);
  command
      .add_option("--access-key-id", options.access_key_id,
                  "bedrock: the id of the AWS access key; it is no secret")
      ->type_name("ID");
  command
      .add_flag("--secret-access-key-stdin", options.secret_access_key_stdin,
                "bedrock: read the AWS secret access key from standard input")
      ->excludes(api_key);
}

}  // namespace

void add_account_upstream_options(CLI::App& command, account_upstream_options& options) {
  add_address_options(command, options);
  add_credential_options(command, options);
}

void apply(const account_upstream_options& options, relay::account& account) {
  for (const auto& [given, field] :
       {std::pair(&options.api_url, &account.api_url), std::pair(&options.region, &account.region),
        std::pair(&options.access_key_id, &account.access_key_id),
        std::pair(&options.deployment, &account.deployment_name),
        std::pair(&options.api_version, &account.api_version)}) {
    if (*given) *field = **given;
  }
}

result<void> read_credential(const account_upstream_options& options, command_context& context,
                             bool required, relay::account_credential& credential) {
  const bool announced = options.announces_credential();
  if (!announced && !required) return {};
  if (!announced && !context.interactive) {
    return downstream_error(error_code::invalid_argument,
                            "no credential: give --api-key-stdin, --session-token-stdin or "
                            "--secret-access-key-stdin");
  }
  const auto read = [&context](const char* what, std::string& secret) -> result<void> {
    auto line = context.interactive ? ask_secret(context, what) : read_secret_line(context, what);
    if (!line) return line.error();
    secret = *std::move(line);
    return {};
  };
  const bool names_aws_key = options.access_key_id && !options.access_key_id->empty();
  const bool of_aws = options.secret_access_key_stdin || (!announced && names_aws_key);
  relay::account_credential given;
  if (of_aws) {
    auto done = read("AWS secret access key", given.secret_access_key);
    if (!done) return done;
  }
  if (options.session_token_stdin) {
    if (auto done = read("session token", given.session_token); !done) return done;
  } else if (!of_aws) {
    if (auto done = read("API key", given.api_key); !done) return done;
  }
  credential = std::move(given);
  return {};
}

}  // namespace baton::app
