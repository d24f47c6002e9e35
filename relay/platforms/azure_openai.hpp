// Azure OpenAI: OpenAI's protocols at a resource of the operator's, where a model is a deployment
// that has a name of the operator's own, and where every request names a version of the API.
// https://learn.microsoft.com/azure/ai-services/openai/reference
#pragma once

#include "relay/platform.hpp"

namespace baton::relay {

// The deployment is what the account has for the model asked for; else its deploymentName; else the
// model itself. The version is the client's; else the account's apiVersion; else one that has what
// the request needs. An older one than tells the usage of a stream is not used for one.
class azure_openai final : public platform {
 public:
  std::string_view id() const override { return "azure-openai"; }
  bool answers(const api& client_api) const override;
  bool needs_model(const account& config, const api& client_api) const override;

  // The error's text begins with the field as the admin API and the command line name it. The URL
  // is the resource's, with or without what comes behind it in Azure's examples.
  result<ready_account> prepare(account config) const override;

  void append_target(std::string& head, const outgoing_request& request) const override;
  void edit_body(body_edits& edits, const outgoing_request& request) const override;
  error_reading read_error(const relay::route& route, const error_answer& answer) const override;

  std::string_view trial_model(const account& config) const override;
  std::vector<trial_request> trials(std::string_view model) const override;
};

}  // namespace baton::relay
