// Google's protocols as clients speak them: the Gemini API, and Code Assist, which Gemini CLI
// speaks after a login with Google and which puts the same requests and answers into objects of its
// own. Stateless; one instance of each serves all threads.
#pragma once

#include "relay/api.hpp"

namespace baton::relay {

// What both have in common.
class google_api : public api {
 public:
  std::string_view service() const final { return "gemini"; }

  // No header of Google's clients names the session.
  session_facts session(const client_request& request, const request_facts& facts,
                        std::string_view scope) const final;
  std::unique_ptr<answer_meter> make_meter(answer_format format,
                                           const request_facts& facts) const final;

  // By the names of google.rpc.Code.
  std::optional<failure_kind> error_kind(std::string_view error_type) const final;
  std::string error_body(const error& failure, std::string_view request_id) const final;
  // In an array, the error is its last element and the bracket follows: for behind a whole element,
  // since an array of which nothing was sent has not even been opened.
  std::string error_event(const error& failure, std::string_view request_id,
                          answer_format format) const final;
};

class gemini_generate_api final : public google_api {
 public:
  result<request_facts> inspect(const client_request& request) const override;
};

class code_assist_api final : public google_api {
 public:
  result<request_facts> inspect(const client_request& request) const override;
};

extern const gemini_generate_api gemini_generate;
extern const code_assist_api code_assist;

}  // namespace baton::relay
