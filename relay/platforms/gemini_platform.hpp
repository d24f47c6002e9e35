// Code Assist, which Gemini CLI uses after a login with Google, with an access token that was
// pasted in. It is not refreshed here, so it serves for about an hour.
#pragma once

#include "relay/platform.hpp"

namespace baton::relay {

class gemini_platform final : public platform {
 public:
  std::string_view id() const override { return "gemini"; }
  bool answers(const api& client_api) const override;

  // apiUrl may be empty: Google's own. The error's text begins with the field as the admin API and
  // the command line name it.
  result<ready_account> prepare(account config) const override;

  error_reading read_error(const relay::route& route, const error_answer& answer) const override;

  std::string_view trial_model(const account& config) const override;
  std::vector<trial_request> trials(std::string_view model) const override;
};

}  // namespace baton::relay
