// OpenAI's protocols, as clients speak them: facts of a request, meters for an answer, error
// bodies. Stateless; one instance serves all threads.
#pragma once

#include "relay/api.hpp"

namespace baton::relay {

// What the protocols share.
class openai_api : public api {
 public:
  std::string_view service() const final { return "openai"; }

  // openai_error.hpp
  std::optional<failure_kind> error_kind(std::string_view error_type) const final;
  std::string error_body(const error& failure, std::string_view request_id) const final;
};

// Responses: answers are kept by the account that made them, and named by later requests.
class openai_responses_api final : public openai_api {
 public:
  result<request_facts> inspect(const client_request& request) const override;
  session_facts session(const client_request& request, const request_facts& facts,
                        std::string_view scope) const override;
  std::unique_ptr<answer_meter> make_meter(answer_format format,
                                           const request_facts& facts) const override;
  std::string error_event(const error& failure, std::string_view request_id,
                          answer_format format) const override;
};

// Chat and embeddings.
class openai_chat_api final : public openai_api {
 public:
  // `account_names_model`: a request without a model is one for the account's own.
  constexpr explicit openai_chat_api(bool account_names_model)
      : account_names_model_(account_names_model) {}

  result<request_facts> inspect(const client_request& request) const override;
  session_facts session(const client_request& request, const request_facts& facts,
                        std::string_view scope) const override;
  std::unique_ptr<answer_meter> make_meter(answer_format format,
                                           const request_facts& facts) const override;
  std::string error_event(const error& failure, std::string_view request_id,
                          answer_format format) const override;

 private:
  bool account_names_model_;
};

extern const openai_responses_api openai_responses;
extern const openai_chat_api openai_chat;

// The same where Azure's paths are called, which only accounts there can answer. The path names the
// deployment, the body does as a model, or nothing does and the account's own is meant.
extern const openai_responses_api azure_responses;
extern const openai_chat_api azure_chat;

}  // namespace baton::relay
