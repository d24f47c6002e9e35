#include "relay/platforms/trial_requests.hpp"

#include "relay/percent_text.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view ping_messages = R"("messages":[{"role":"user","content":"ping"}])";
constexpr std::string_view model_hole = "{m}";

std::string with_model(std::string text, std::string_view model) {
  return text.replace(text.find(model_hole), model_hole.size(), model);
}

}  // namespace

trial_request messages_trial(std::string_view model) {
  return {.path = "/v1/messages",
          .header_lines = "anthropic-version: 2023-06-01\r\n",
          .body = with_model(R"({"model":"{m}","max_tokens":1,)", model) +
                  std::string(ping_messages) + "}",
          .model = std::string(model)};
}

// 16 is the least that OpenAI takes.
trial_request responses_trial(std::string_view model) {
  return {.path = "/v1/responses",
          .header_lines = {},
          .body = with_model(
              R"({"model":"{m}","max_output_tokens":16,"store":false,"input":"ping"})", model),
          .model = std::string(model)};
}

// Without a limit, which older models know by another name than newer ones, and each refuses the
// other's.
trial_request chat_trial(std::string_view model) {
  return {.path = "/v1/chat/completions",
          .header_lines = {},
          .body = with_model(R"({"model":"{m}",)", model) + std::string(ping_messages) + "}",
          .model = std::string(model)};
}

trial_request azure_chat_trial(std::string_view model) {
  auto made = chat_trial(model);
  made.path = "/azure/chat/completions";
  return made;
}

trial_request gemini_trial(std::string_view model) {
  return {.path = "/v1beta/models/" + percent_encode(model) + ":generateContent",
          .header_lines = {},
          .body = R"({"contents":[{"role":"user","parts":[{"text":"ping"}]}],)"
                  R"("generationConfig":{"maxOutputTokens":1}})",
          .model = std::string(model)};
}

trial_request code_assist_trial() {
  return {.path = "/v1internal:loadCodeAssist",
          .header_lines = {},
          .body = R"({"metadata":{}})",
          .model = std::nullopt};
}

}  // namespace baton::relay
