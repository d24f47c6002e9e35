#include "tests/support/mock_route.hpp"

#include <optional>

namespace baton::mock {

namespace {

constexpr std::string_view azure_deployments = "/openai/deployments/";

route make_route(const dialect& speaks, operation what, bool method_allowed) {
  route way;
  way.speaks = &speaks;
  way.what = what;
  way.method_allowed = method_allowed;
  return way;
}

// What follows the last "/`name`" that is a whole segment of the path; nothing if there is none.
std::optional<std::string_view> rest_behind(std::string_view path, std::string_view segment) {
  const auto at = path.rfind(segment);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = path.substr(at + segment.size());
  if (!rest.empty() && rest.front() != '/') return std::nullopt;
  return rest.empty() ? rest : rest.substr(1);
}

std::string deployment_of(std::string_view path) {
  const auto at = path.find(azure_deployments);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = path.substr(at + azure_deployments.size());
  return percent_decoded(rest.substr(0, rest.find('/')));
}

route chat_route(const request_head& head, operation what) {
  std::string deployment = deployment_of(head.path);
  const dialect& speaks = deployment.empty() ? openai_chat() : azure_chat();
  route way = make_route(speaks, what, head.method == "POST");
  way.model = std::move(deployment);
  return way;
}

// Azure has no version in the path, so that a path alone does not tell it from a relay in between.
bool is_azure_responses(const request_head& head) {
  return head.path.find("/openai/responses") != std::string_view::npos &&
         (head.source == credential_source::api_key ||
          head.query.find("api-version=") != std::string_view::npos);
}

// `rest` is what follows "/responses/".
route responses_route(const request_head& head, std::string_view rest) {
  const dialect& speaks = is_azure_responses(head) ? azure_responses() : openai_responses();
  const bool post = head.method == "POST";
  const bool get = head.method == "GET";
  if (rest.empty()) return make_route(speaks, operation::generate, post);
  if (rest == "compact") return make_route(speaks, operation::compact, post);
  if (rest == "input_tokens") return make_route(speaks, operation::count_tokens, post);
  const auto slash = rest.find('/');
  const std::string_view action =
      slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  route way = make_route(speaks, operation::unknown, true);
  way.id = rest.substr(0, slash);
  if (action.empty()) {
    way.what = head.method == "DELETE" ? operation::delete_response : operation::show_response;
    way.method_allowed = get || head.method == "DELETE";
  } else if (action == "cancel") {
    way.what = operation::cancel_response;
    way.method_allowed = post;
  } else if (action == "input_items") {
    way.what = operation::list_input_items;
    way.method_allowed = get;
  }
  return way;
}

// An action of Gemini or Code Assist, the part behind the last ":".
route gemini_route(const request_head& head, std::string_view action) {
  struct entry {
    std::string_view action;
    operation what;
  };
  static constexpr entry known[] = {{"generateContent", operation::generate},
                                    {"streamGenerateContent", operation::generate},
                                    {"countTokens", operation::count_tokens},
                                    {"embedContent", operation::embed},
                                    {"batchEmbedContents", operation::embed_batch}};
  route way = make_route(gemini(), operation::unknown, head.method == "POST");
  for (const entry& each : known) {
    if (each.action == action) way.what = each.what;
  }
  way.streamed = action == "streamGenerateContent";
  const std::string query = '&' + std::string(head.query) + '&';
  way.array = way.streamed && query.find("&alt=sse&") == std::string::npos;
  return way;
}

route code_assist_route(const request_head& head, std::string_view action) {
  route way = gemini_route(head, action);
  way.code_assist = true;
  way.model_needed = way.what == operation::generate;
  if (action == "loadCodeAssist") way.what = operation::load_code_assist;
  if (action == "onboardUser") way.what = operation::onboard_user;
  const bool embeds = way.what == operation::embed || way.what == operation::embed_batch;
  if (embeds) way.what = operation::unknown;
  return way;
}

// …/models/{model}:action, …/models/{model} and …/v1internal:action; nothing if it is none of them.
std::optional<route> google_route(const request_head& head) {
  const auto slash = head.path.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view parent = head.path.substr(0, slash);
  const std::string_view last = head.path.substr(slash + 1);
  const auto colon = last.rfind(':');
  const std::string_view name = last.substr(0, colon);
  const std::string_view action =
      colon == std::string_view::npos ? std::string_view() : last.substr(colon + 1);
  if (name == "v1internal") return code_assist_route(head, action);
  if (!parent.ends_with("/models") || name.empty()) return std::nullopt;
  route way = colon == std::string_view::npos
                  ? make_route(gemini(), operation::show_model, head.method == "GET")
                  : gemini_route(head, action);
  way.model = percent_decoded(name);
  return way;
}

// …/model/{id}/invoke and …/model/{id}/invoke-with-response-stream; the id may be escaped.
route bedrock_route(const request_head& head, std::string_view behind_model) {
  const auto slash = behind_model.rfind('/');
  const std::string_view action =
      slash == std::string_view::npos ? std::string_view() : behind_model.substr(slash + 1);
  route way = make_route(bedrock(), operation::unknown, head.method == "POST");
  way.streamed = action == "invoke-with-response-stream";
  if (way.streamed || action == "invoke") way.what = operation::generate;
  way.model = percent_decoded(behind_model.substr(0, slash));
  return way;
}

// GET …/models is shared by the vendors; its headers tell which is meant.
route models_route(const request_head& head) {
  const bool get = head.method == "GET";
  const bool google = head.source == credential_source::x_goog_api_key ||
                      head.path.find("/v1beta") != std::string_view::npos;
  if (google) {
    const bool list = head.path.ends_with("/models");
    return make_route(gemini(), list ? operation::list_models : operation::unknown, !list || get);
  }
  const bool bearer =
      head.source == credential_source::bearer || head.source == credential_source::api_key;
  if (bearer && !head.has_anthropic_version && head.path.ends_with("/models")) {
    return make_route(openai_chat(), operation::list_models, get);
  }
  if (!head.path.ends_with("/v1/models")) return make_route(anthropic(), operation::unknown, true);
  return make_route(anthropic(), operation::list_models, get);
}

}  // namespace

route find_route(const request_head& head) {
  const std::string_view path = head.path;
  const bool post = head.method == "POST";
  if (path.ends_with("/v1/messages")) return make_route(anthropic(), operation::generate, post);
  if (path.ends_with("/v1/messages/count_tokens")) {
    return make_route(anthropic(), operation::count_tokens, post);
  }
  if (path.ends_with("/chat/completions")) return chat_route(head, operation::generate);
  if (path.ends_with("/embeddings")) return chat_route(head, operation::embed);
  if (const auto rest = rest_behind(path, "/responses")) return responses_route(head, *rest);
  const auto rest = rest_behind(path, "/model");
  if (rest || head.source == credential_source::signature) {
    return bedrock_route(head, rest.value_or(""));
  }
  if (const auto way = google_route(head)) return *way;
  return models_route(head);
}

}  // namespace baton::mock
