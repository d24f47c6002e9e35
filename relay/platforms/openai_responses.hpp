// Any upstream that speaks OpenAI's Responses or Chat and takes an API key or a session token:
// OpenAI's own, and compatible services at an address of the operator's.
#pragma once

#include "relay/platform.hpp"

namespace baton::relay {

class openai_responses_platform final : public platform {
 public:
  std::string_view id() const override { return "openai-responses"; }
  bool answers(const api& client_api) const override;

  // The error's text begins with the field as the admin API and the command line name it. The
  // account's URL is taken as OpenAI's SDKs take theirs (openai_path.hpp).
  result<ready_account> prepare(account config) const override;

  void append_target(std::string& head, const outgoing_request& request) const override;
  error_reading read_error(const relay::route& route, const error_answer& answer) const override;

  std::string_view trial_model(const account& config) const override;
  std::vector<trial_request> trials(std::string_view model) const override;
};

}  // namespace baton::relay
