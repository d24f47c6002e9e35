#include "relay/platforms/gemini_routes.hpp"

#include <array>

#include "relay/platforms/gemini_api.hpp"

namespace baton::relay {
namespace {

constexpr route post(std::string_view path, operation op, std::string_view upstream_path,
                     std::string_view label) {
  return {"POST", path, op, &gemini_generate, upstream_path, label, false};
}
constexpr route generate(std::string_view path, std::string_view upstream_path) {
  return post(path, operation::generate, upstream_path, "generate_content");
}
constexpr route stream(std::string_view path, std::string_view upstream_path) {
  route row = post(path, operation::generate, upstream_path, "stream_generate_content");
  row.streams = true;
  return row;
}
constexpr route count(std::string_view path, std::string_view upstream_path) {
  return post(path, operation::count_tokens, upstream_path, "count_tokens");
}
constexpr route embed(std::string_view path, std::string_view upstream_path) {
  return post(path, operation::embed, upstream_path, "embed_content");
}
constexpr route models(std::string_view path) {
  return {"GET", path, operation::list_models, &gemini_generate, "", "models", false};
}
constexpr route model(std::string_view path) {
  return {"GET", path, operation::show_model, &gemini_generate, "", "models", false};
}

constexpr route of_code_assist(route row) {
  row.protocol = &code_assist;
  return row;
}
constexpr route assist(std::string_view method, std::string_view path,
                       std::string_view upstream_path) {
  return {method, path, operation::assist, &code_assist, upstream_path, "code_assist", false};
}

// The upstream is asked in the version that the client speaks. GET /v1/models is in own_routes.cpp:
// other APIs have it, too.
constexpr std::array prefixed{
    generate("/gemini/v1beta/models/{}:generateContent", "/v1beta/models/{}:generateContent"),
    generate("/gemini/v1/models/{}:generateContent", "/v1/models/{}:generateContent"),
    stream("/gemini/v1beta/models/{}:streamGenerateContent",
           "/v1beta/models/{}:streamGenerateContent"),
    stream("/gemini/v1/models/{}:streamGenerateContent", "/v1/models/{}:streamGenerateContent"),
    count("/gemini/v1beta/models/{}:countTokens", "/v1beta/models/{}:countTokens"),
    count("/gemini/v1/models/{}:countTokens", "/v1/models/{}:countTokens"),
    embed("/gemini/v1beta/models/{}:embedContent", "/v1beta/models/{}:embedContent"),
    embed("/gemini/v1/models/{}:embedContent", "/v1/models/{}:embedContent"),
    embed("/gemini/v1beta/models/{}:batchEmbedContents", "/v1beta/models/{}:batchEmbedContents"),
    embed("/gemini/v1/models/{}:batchEmbedContents", "/v1/models/{}:batchEmbedContents"),
    models("/gemini/v1beta/models"),
    models("/gemini/v1/models"),
    models("/gemini/models"),
    model("/gemini/v1beta/models/{}"),
    model("/gemini/v1/models/{}"),
    model("/gemini/models/{}"),
};

constexpr std::array bare{
    generate("/v1beta/models/{}:generateContent", "/v1beta/models/{}:generateContent"),
    generate("/v1/models/{}:generateContent", "/v1/models/{}:generateContent"),
    stream("/v1beta/models/{}:streamGenerateContent", "/v1beta/models/{}:streamGenerateContent"),
    stream("/v1/models/{}:streamGenerateContent", "/v1/models/{}:streamGenerateContent"),
    count("/v1beta/models/{}:countTokens", "/v1beta/models/{}:countTokens"),
    count("/v1/models/{}:countTokens", "/v1/models/{}:countTokens"),
    embed("/v1beta/models/{}:embedContent", "/v1beta/models/{}:embedContent"),
    embed("/v1/models/{}:embedContent", "/v1/models/{}:embedContent"),
    embed("/v1beta/models/{}:batchEmbedContents", "/v1beta/models/{}:batchEmbedContents"),
    embed("/v1/models/{}:batchEmbedContents", "/v1/models/{}:batchEmbedContents"),
    models("/v1beta/models"),
    model("/v1beta/models/{}"),
};

// GET: Gemini CLI polls the operation that its onboarding has become, and reads a setting.
constexpr std::array internal{
    of_code_assist(generate("/v1internal:generateContent", "/v1internal:generateContent")),
    of_code_assist(generate("/gemini/v1internal:generateContent", "/v1internal:generateContent")),
    of_code_assist(
        stream("/v1internal:streamGenerateContent", "/v1internal:streamGenerateContent")),
    of_code_assist(
        stream("/gemini/v1internal:streamGenerateContent", "/v1internal:streamGenerateContent")),
    of_code_assist(count("/v1internal:countTokens", "/v1internal:countTokens")),
    of_code_assist(count("/gemini/v1internal:countTokens", "/v1internal:countTokens")),
    assist("POST", "/v1internal:{}", "/v1internal:{}"),
    assist("POST", "/gemini/v1internal:{}", "/v1internal:{}"),
    assist("GET", "/v1internal:{}", "/v1internal:{}"),
    assist("GET", "/gemini/v1internal:{}", "/v1internal:{}"),
    assist("GET", "/v1internal/operations/{}", "/v1internal/operations/{}"),
    assist("GET", "/gemini/v1internal/operations/{}", "/v1internal/operations/{}"),
};

}  // namespace

std::span<const route> gemini_routes() {
  return prefixed;
}

std::span<const route> bare_gemini_routes() {
  return bare;
}

std::span<const route> code_assist_routes() {
  return internal;
}

}  // namespace baton::relay
