// Any upstream that speaks Anthropic Messages and takes an API key or a session token: Anthropic's
// own console keys and compatible services at an address of the operator's. The client's
// anthropic-version goes along with its other headers; none is added here.
#pragma once

#include "relay/platform.hpp"

namespace baton::relay {

class claude_console final : public platform {
 public:
  std::string_view id() const override { return "claude-console"; }
  bool answers(const api& client_api) const override;

  // The error's text begins with the field as the admin API and the command line name it.
  result<ready_account> prepare(account config) const override;

  std::string_view trial_model(const account& config) const override;
  std::vector<trial_request> trials(std::string_view model) const override;
};

}  // namespace baton::relay
