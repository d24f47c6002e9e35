#include "relay/platforms/anthropic_request.hpp"

#include <array>

#include "relay/platforms/body_inspection.hpp"

namespace baton::relay {
namespace {

enum field : std::size_t {
  model,
  messages,
  stream,
  max_tokens,
  system,
  metadata,
  prompt_cache_key,
  version,
  betas,
};
constexpr std::array<known_field, 9> fields = {{{"model", true},
                                                {"messages", true},
                                                {"stream", true},
                                                {"max_tokens", true},
                                                {"system"},
                                                {"metadata"},
                                                {"prompt_cache_key"},
                                                {"anthropic_version", true},
                                                {"anthropic_beta", true}}};

class inspection final : public body_inspection {
 public:
  inspection(std::string_view body, request_facts& facts)
      : body_inspection(body, fields), facts_(facts) {}

  result<void> inspect(bool names_model) {
    if (auto walked = run(); !walked) return walked;
    if (names_model && !has(field::model)) return malformed_field("model", "Field required");
    if (!has(field::messages)) return malformed_field("messages", "Field required");
    facts_.messages = text(field::messages);
    facts_.system = text(field::system);
    facts_.metadata = text(field::metadata);
    facts_.session_name = text(field::prompt_cache_key);
    facts_.model_member = member(field::model);
    facts_.stream_member = member(field::stream);
    facts_.version_member = member(field::version);
    facts_.betas_member = member(field::betas);
    facts_.estimated_input_tokens = body().size() / 4;
    return {};
  }

 private:
  result<void> read(std::size_t which, simdjson::ondemand::value value) override {
    const auto name = fields[which].name;
    switch (which) {
      case field::model: return read_model(name, value, facts_);
      case field::messages: return check_array(name, "message", value);
      case field::stream: return read_flag(name, value, facts_.stream);
      case field::version:
      case field::betas: return check_unread(value);
      default: return read_count(name, value, facts_.max_output_tokens);
    }
  }

  request_facts& facts_;
};

result<request_facts> inspect(std::string_view padded_body, bool names_model) {
  result<request_facts> facts = request_facts{};  // filled in place
  auto read = inspection(padded_body, *facts).inspect(names_model);
  if (!read) facts = read.error();
  return facts;
}

}  // namespace

result<request_facts> inspect_anthropic_request(std::string_view padded_body) {
  return inspect(padded_body, true);
}

result<request_facts> inspect_modelless_anthropic_request(std::string_view padded_body) {
  return inspect(padded_body, false);
}

}  // namespace baton::relay
