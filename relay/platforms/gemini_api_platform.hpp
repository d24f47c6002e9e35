// The Gemini API with a key of Google AI Studio, or a service at an operator's address that speaks
// it. The key goes along as a header, never in the URL, where it would end in others' logs.
#pragma once

#include "relay/platform.hpp"

namespace baton::relay {

class gemini_api_platform final : public platform {
 public:
  std::string_view id() const override { return "gemini-api"; }
  bool answers(const api& client_api) const override;

  // apiUrl may be empty: Google's own. The error's text begins with the field as the admin API and
  // the command line name it.
  result<ready_account> prepare(account config) const override;

  // The version that the client speaks, unless the account's URL ends in one.
  void append_target(std::string& head, const outgoing_request& request) const override;

  error_reading read_error(const relay::route& route, const error_answer& answer) const override;

  std::string_view trial_model(const account& config) const override;
  std::vector<trial_request> trials(std::string_view model) const override;
};

}  // namespace baton::relay
