// Reads the body of a request as the Gemini API has it. Both ways to write a name that protocol
// buffers know are taken: systemInstruction, system_instruction.
#pragma once

#include <array>
#include <string_view>

#include "relay/platforms/body_inspection.hpp"
#include "relay/route.hpp"

namespace baton::relay {

class gemini_inspection final : public body_inspection {
 public:
  // `padded_body`: the object, json_padding_bytes past its end may be read.
  gemini_inspection(std::string_view padded_body, operation op, request_facts& facts)
      : body_inspection(padded_body, fields), op_(op), facts_(facts) {}

  // Once. Errors: malformed_request, the text begins with the field.
  result<void> inspect();

  // The field `model` as it stands, after inspect().
  std::string_view model_text() const { return text(model); }

 private:
  enum field : std::size_t {
    contents,
    config,
    config_snake,
    system,
    system_snake,
    whole_request,
    whole_request_snake,
    session_id,
    model,
  };
  static constexpr std::array<known_field, 9> fields = {{{"contents", true},
                                                         {"generationConfig", true},
                                                         {"generation_config", true},
                                                         {"systemInstruction"},
                                                         {"system_instruction"},
                                                         {"generateContentRequest"},
                                                         {"generate_content_request"},
                                                         {"session_id"},
                                                         {"model"}}};

  result<void> read(std::size_t which, simdjson::ondemand::value value) override;
  result<void> read_contents(simdjson::ondemand::value value) const;
  result<void> read_config(std::string_view name, simdjson::ondemand::value value);

  operation op_;
  request_facts& facts_;
};

}  // namespace baton::relay
