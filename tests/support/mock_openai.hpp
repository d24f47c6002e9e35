// What OpenAI's APIs have in common (https://platform.openai.com/docs/api-reference): errors,
// headers, models, embeddings; and what Azure does otherwise with them.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/mock_dialect.hpp"
#include "tests/support/mock_words.hpp"

namespace baton::mock {

enum class openai_host : std::uint8_t { openai, azure };

inline constexpr std::int64_t openai_created = 1'767'225'600;  // 2026-01-01

class openai_dialect : public dialect {
 public:
  explicit openai_dialect(openai_host host) : host_(host) {}

  std::string head_lines() const override;
  // Embeddings and the list of models.
  std::string side_answer(const route& way, const behaviour& script,
                          const answer_form& form) const override;
  error_document error(int status, std::string_view type, std::string_view message) const override;
  // Azure wants its own header and a version in the query.
  refusal check(const request_head& head, const route& way, const body_facts& facts) const override;

 protected:
  struct error_words {
    std::string type;
    std::string code;  // empty: null
    std::string message;
  };
  // What the script or the API says in an error of this status.
  static error_words words_of(int status, std::string_view type, std::string_view message);
  // What an error within a stream says.
  error_words stream_error(const behaviour& script) const;

 private:
  openai_host host_;
};

// Errors about a response that the credential has not made.
error_document unknown_response(std::string_view id);
error_document unknown_previous_response(std::string_view id);

}  // namespace baton::mock
