#include "relay/platforms/openai_routes.hpp"

#include <array>

#include "relay/platforms/openai_api.hpp"

namespace baton::relay {
namespace {

constexpr route responses(std::string_view path, const api& protocol = openai_responses,
                          std::string_view upstream_path = "/v1/responses") {
  return {"POST", path, operation::generate, &protocol, upstream_path, "responses", false};
}
constexpr route count_tokens(std::string_view path) {
  return {
      "POST",      path, operation::count_tokens, &openai_responses, "/v1/responses/input_tokens",
      "responses", false};
}
// Codex asks for a WebSocket first; 426 has it fall back at once.
constexpr route websocket(std::string_view path) {
  return {"GET", path, operation::websocket, &openai_responses, "", "responses", false};
}
constexpr route stored(std::string_view method, std::string_view path,
                       std::string_view upstream_path, const api& protocol = openai_responses) {
  return {method, path, operation::stored_answer, &protocol, upstream_path, "stored_response",
          false};
}
constexpr route chat(std::string_view path, const api& protocol = openai_chat,
                     std::string_view upstream_path = "/v1/chat/completions") {
  return {"POST", path, operation::generate, &protocol, upstream_path, "chat_completions", false};
}
constexpr route embeddings(std::string_view path, const api& protocol = openai_chat,
                           std::string_view upstream_path = "/v1/embeddings") {
  return {"POST", path, operation::embed, &protocol, upstream_path, "embeddings", false};
}
constexpr route models(std::string_view path, const api& protocol = openai_chat) {
  return {"GET", path, operation::list_models, &protocol, "", "models", false};
}
constexpr route model(std::string_view path) {
  return {"GET", path, operation::show_model, &openai_chat, "", "models", false};
}

constexpr std::string_view compact = "/v1/responses/compact";
constexpr std::string_view one = "/v1/responses/{}";
constexpr std::string_view cancel = "/v1/responses/{}/cancel";
constexpr std::string_view input_items = "/v1/responses/{}/input_items";

// v1 has Chat under /api too; the SDKs' base URL is …/v1 and Codex's may be without a version.
constexpr std::array openai_table{
    responses("/v1/responses"),
    responses("/openai/v1/responses"),
    responses("/openai/responses"),
    responses("/v1/responses/compact", openai_responses, compact),
    responses("/openai/v1/responses/compact", openai_responses, compact),
    responses("/openai/responses/compact", openai_responses, compact),
    count_tokens("/v1/responses/input_tokens"),
    count_tokens("/openai/v1/responses/input_tokens"),
    count_tokens("/openai/responses/input_tokens"),
    websocket("/v1/responses"),
    websocket("/openai/v1/responses"),
    websocket("/openai/responses"),
    stored("POST", "/v1/responses/{}/cancel", cancel),
    stored("POST", "/openai/v1/responses/{}/cancel", cancel),
    stored("POST", "/openai/responses/{}/cancel", cancel),
    stored("GET", "/v1/responses/{}/input_items", input_items),
    stored("GET", "/openai/v1/responses/{}/input_items", input_items),
    stored("GET", "/openai/responses/{}/input_items", input_items),
    stored("GET", "/v1/responses/{}", one),
    stored("GET", "/openai/v1/responses/{}", one),
    stored("GET", "/openai/responses/{}", one),
    stored("DELETE", "/v1/responses/{}", one),
    stored("DELETE", "/openai/v1/responses/{}", one),
    stored("DELETE", "/openai/responses/{}", one),
    chat("/v1/chat/completions"),
    chat("/openai/v1/chat/completions"),
    chat("/openai/chat/completions"),
    chat("/api/v1/chat/completions"),
    embeddings("/v1/embeddings"),
    embeddings("/openai/v1/embeddings"),
    embeddings("/openai/embeddings"),
    embeddings("/api/v1/embeddings"),
    models("/openai/v1/models"),
    models("/openai/models"),
    model("/openai/v1/models/{}"),
    model("/openai/models/{}"),
};

constexpr std::string_view azure_answers = "/openai/responses";
constexpr std::string_view azure_answer = "/openai/responses/{}";
constexpr std::string_view azure_cancel = "/openai/responses/{}/cancel";
constexpr std::string_view azure_items = "/openai/responses/{}/input_items";
constexpr std::string_view deployed_chat = "/openai/deployments/{}/chat/completions";
constexpr std::string_view deployed_embeddings = "/openai/deployments/{}/embeddings";

// The SDK puts /openai behind an endpoint; v1's own paths are without it. Some clients, SillyTavern
// among them, take the endpoint's host only, so deployments are there without /azure, too.
constexpr std::array azure_table{
    chat("/azure/openai/deployments/{}/chat/completions", azure_chat, deployed_chat),
    embeddings("/azure/openai/deployments/{}/embeddings", azure_chat, deployed_embeddings),
    chat("/openai/deployments/{}/chat/completions", azure_chat, deployed_chat),
    embeddings("/openai/deployments/{}/embeddings", azure_chat, deployed_embeddings),
    responses("/azure/openai/responses", azure_responses, azure_answers),
    responses("/azure/responses", azure_responses, azure_answers),
    stored("POST", "/azure/openai/responses/{}/cancel", azure_cancel, azure_responses),
    stored("GET", "/azure/openai/responses/{}/input_items", azure_items, azure_responses),
    stored("GET", "/azure/openai/responses/{}", azure_answer, azure_responses),
    stored("DELETE", "/azure/openai/responses/{}", azure_answer, azure_responses),
    chat("/azure/chat/completions", azure_chat, deployed_chat),
    embeddings("/azure/embeddings", azure_chat, deployed_embeddings),
    models("/azure/openai/models", azure_chat),
    models("/azure/models", azure_chat),
};

}  // namespace

std::span<const route> openai_routes() {
  return openai_table;
}

std::span<const route> azure_routes() {
  return azure_table;
}

}  // namespace baton::relay
