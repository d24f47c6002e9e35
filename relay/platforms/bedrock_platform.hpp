// Amazon Bedrock: Anthropic's models through InvokeModel, in one region of AWS. Requests are signed
// with an AWS key (SigV4) or carry an API key of Bedrock's as a bearer token. It answers clients of
// Anthropic Messages, whose bodies and streams are rewritten, and of its own API. It does not count
// tokens.
#pragma once

#include "relay/platform.hpp"

namespace baton::relay {

class bedrock_platform final : public platform {
 public:
  std::string_view id() const override { return "bedrock"; }
  bool answers(const api& client_api) const override;

  // The error's text begins with the field as the admin API and the command line name it.
  result<ready_account> prepare(account config) const override;

  void append_target(std::string& head, const outgoing_request& request) const override;
  void append_credential(std::string& head, const outgoing_request& request) const override;
  void edit_body(body_edits& edits, const outgoing_request& request) const override;
  std::unique_ptr<answer_decoder> make_decoder(const api& client_api,
                                               answer_format& format) const override;
  error_reading read_error(const relay::route& route, const error_answer& answer) const override;

  std::string_view trial_model(const account& config) const override;
  std::vector<trial_request> trials(std::string_view model) const override;
};

}  // namespace baton::relay
