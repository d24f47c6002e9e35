// Decides what a request is answered with, once it is here. Without I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/mock_answer.hpp"
#include "tests/support/mock_body.hpp"
#include "tests/support/mock_credentials.hpp"
#include "tests/support/mock_dialect.hpp"

namespace baton::mock {

// What is known of a request.
struct request {
  const request_head& head;
  const route& way;
  const body_facts& facts;
  std::string_view body;
  bool body_complete;
};

answer_form form_of(const route& way, const body_facts& facts);

struct reply {
  enum class kind : std::uint8_t {
    stream,    // the plan's
    planned,   // the plan's JSON answer
    document,  // the one below
    garbage,
  };
  kind what = kind::document;
  int status = 200;
  std::string body{};
  std::string header_lines{};
};

// `record` is the credential's; answers that it can ask for later get the id in `values`.
reply choose_reply(const request& asked, const answer_plan& plan, credential_record& record,
                   const stamp& values);

}  // namespace baton::mock
