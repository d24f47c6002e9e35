#include "relay/platforms/openai_request.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "relay/platforms/body_inspection.hpp"
#include "relay/platforms/openai_usage_wish.hpp"

namespace baton::relay {
namespace {

result<void> check_model(const request_facts& facts, model_field model) {
  if (!facts.model.empty() || model == model_field::optional) return {};
  return malformed_field("model", "Field required");
}

namespace responses {
enum field : std::size_t {
  model,
  stream,
  store,
  background,
  max_output_tokens,
  input,
  instructions,
  previous_response_id,
  prompt_cache_key,
};
constexpr std::array<known_field, 9> fields = {{{"model", true},
                                                {"stream", true},
                                                {"store", true},
                                                {"background", true},
                                                {"max_output_tokens", true},
                                                {"input"},
                                                {"instructions"},
                                                {"previous_response_id"},
                                                {"prompt_cache_key"}}};
}  // namespace responses

class responses_inspection final : public body_inspection {
 public:
  responses_inspection(std::string_view body, request_facts& facts)
      : body_inspection(body, responses::fields), facts_(facts) {
    facts_.stored = true;
  }

  result<void> inspect() {
    if (auto walked = run(); !walked) return walked;
    facts_.messages = text(responses::input);
    facts_.system = text(responses::instructions);
    facts_.previous = text(responses::previous_response_id);
    facts_.session_name = text(responses::prompt_cache_key);
    facts_.estimated_input_tokens = body().size() / 4;
    return check_model(facts_, model_field::required);
  }

 private:
  result<void> read(std::size_t which, simdjson::ondemand::value value) override {
    const auto name = responses::fields[which].name;
    switch (which) {
      case responses::model: return read_model(name, value, facts_);
      case responses::stream: return read_flag(name, value, facts_.stream);
      case responses::store: return read_flag(name, value, facts_.stored);
      case responses::background: return check_foreground(name, value);
      default: return read_count(name, value, facts_.max_output_tokens);
    }
  }

  // Answered at once and without usage, by an object that changes later on.
  static result<void> check_foreground(std::string_view name, simdjson::ondemand::value value) {
    bool background = false;
    auto read = read_flag(name, value, background);
    if (!background) return read;
    return downstream_error(error_code::invalid_argument,
                            std::string(name) +
                                ": Responses made in the background are not relayed, since what "
                                "they use could not be counted");
  }

  request_facts& facts_;
};

namespace chat {
enum field : std::size_t {
  model,
  messages,
  stream,
  stream_options,
  max_tokens,
  max_completion_tokens,
  n,
  prompt_cache_key,
};
constexpr std::array<known_field, 8> fields = {{{"model", true},
                                                {"messages", true},
                                                {"stream", true},
                                                {"stream_options", true},
                                                {"max_tokens", true},
                                                {"max_completion_tokens", true},
                                                {"n", true},
                                                {"prompt_cache_key"}}};
constexpr std::uint64_t choices_max = 128;  // what OpenAI takes for n
}  // namespace chat

class chat_inspection final : public body_inspection {
 public:
  chat_inspection(std::string_view body, request_facts& facts)
      : body_inspection(body, chat::fields), facts_(facts) {}

  result<void> inspect(model_field model) {
    if (auto walked = run(); !walked) return walked;
    if (auto named = check_model(facts_, model); !named) return named;
    if (!has(chat::messages)) return malformed_field("messages", "Field required");
    facts_.messages = text(chat::messages);
    facts_.session_name = text(chat::prompt_cache_key);
    facts_.max_output_tokens *= std::clamp<std::uint64_t>(choices_, 1, chat::choices_max);
    facts_.estimated_input_tokens = body().size() / 4;
    if (facts_.stream) facts_.usage_wish = wish_.insertion(body());
    return {};
  }

 private:
  result<void> read(std::size_t which, simdjson::ondemand::value value) override {
    const auto name = chat::fields[which].name;
    switch (which) {
      case chat::model: return read_model(name, value, facts_);
      case chat::messages: return check_array(name, "message", value);
      case chat::stream: return read_flag(name, value, facts_.stream);
      case chat::stream_options: return wish_.read(name, value, body());
      case chat::n: return read_count(name, value, choices_);
      default: break;
    }
    std::uint64_t tokens = 0;
    auto counted = read_count(name, value, tokens);
    facts_.max_output_tokens = std::max(facts_.max_output_tokens, tokens);
    return counted;
  }

  request_facts& facts_;
  openai_usage_wish wish_;
  std::uint64_t choices_ = 1;
};

namespace embeddings {
enum field : std::size_t { model, input };
constexpr std::array<known_field, 2> fields = {{{"model", true}, {"input"}}};
}  // namespace embeddings

class embeddings_inspection final : public body_inspection {
 public:
  embeddings_inspection(std::string_view body, request_facts& facts)
      : body_inspection(body, embeddings::fields), facts_(facts) {}

  result<void> inspect(model_field model) {
    if (auto walked = run(); !walked) return walked;
    if (auto named = check_model(facts_, model); !named) return named;
    if (!has(embeddings::input)) return malformed_field("input", "Field required");
    facts_.estimated_input_tokens = body().size() / 4;
    return {};
  }

 private:
  result<void> read(std::size_t which, simdjson::ondemand::value value) override {
    return read_model(embeddings::fields[which].name, value, facts_);
  }

  request_facts& facts_;
};

// Filled in place: the views of facts are many.
template <class Inspection, class... Options>
result<request_facts> inspected(std::string_view padded_body, Options... options) {
  result<request_facts> facts = request_facts{};
  auto read = Inspection(padded_body, *facts).inspect(options...);
  if (!read) facts = read.error();
  return facts;
}

}  // namespace

result<request_facts> inspect_responses_request(std::string_view padded_body) {
  return inspected<responses_inspection>(padded_body);
}

result<request_facts> inspect_chat_request(std::string_view padded_body, model_field model) {
  return inspected<chat_inspection>(padded_body, model);
}

result<request_facts> inspect_embeddings_request(std::string_view padded_body, model_field model) {
  return inspected<embeddings_inspection>(padded_body, model);
}

}  // namespace baton::relay
