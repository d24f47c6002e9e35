#include "relay/platforms/claude_console.hpp"

#include "relay/platforms/account_checks.hpp"
#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/trial_requests.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view anthropic_key_prefix = "sk-ant-";

std::string credential_lines(const std::string& secret) {
  return secret.starts_with(anthropic_key_prefix) ? "x-api-key: " + secret + "\r\n"
                                                  : "Authorization: Bearer " + secret + "\r\n";
}

}  // namespace

bool claude_console::answers(const api& client_api) const {
  return &client_api == &anthropic_messages || &client_api == &anthropic_counting;
}

result<ready_account> claude_console::prepare(account config) const {
  if (auto common = check_common_fields(config); !common) return common.error();
  if (auto secret = check_key_or_token(config.credential); !secret) return secret.error();
  auto target = check_api_url(config);
  if (!target) return target.error();
  ready_account ready;
  ready.platform = this;
  ready.target = *std::move(target);
  ready.credential_lines = credential_lines(config.credential.effective());
  ready.config = std::move(config);
  return ready;
}

std::string_view claude_console::trial_model(const account&) const {
  return "claude-haiku-4-5";
}

std::vector<trial_request> claude_console::trials(std::string_view model) const {
  return {messages_trial(model)};
}

}  // namespace baton::relay
