#include "relay/model_list.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/gemini_api.hpp"
#include "relay/platforms/json_text.hpp"
#include "relay/platforms/openai_api.hpp"
#include "relay/query_text.hpp"

namespace baton::relay {
namespace {

using nlohmann::ordered_json;

bool has_key(std::string_view query) {
  bool found = false;
  for_each_parameter(
      query, [&found](const query_parameter& parameter) { found |= parameter.is_called("key"); });
  return found;
}

bool begins_with_any(std::string_view name, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [name](std::string_view prefix) { return name.starts_with(prefix); });
}

// Whether the API's own vendor has made the model, by its name. Names with a slash are those of
// resellers.
bool is_of_vendor(std::string_view name, const api& protocol) {
  if (name.find('/') != name.npos) return false;
  const auto service = protocol.service();
  if (service == "claude") return name.starts_with("claude-");
  if (service == "gemini") return begins_with_any(name, {"gemini-", "gemma-"});
  return begins_with_any(name, {"gpt-", "o1", "o3", "o4", "chatgpt-", "codex-", "text-embedding-"});
}

std::string_view vendor(const api& protocol) {
  const auto service = protocol.service();
  if (service == "claude") return "anthropic";
  return service == "gemini" ? "google" : "openai";
}

// The day of a release is not known, which Anthropic's documentation of the field allows to be told
// by the epoch.
ordered_json anthropic_model(const std::string& name) {
  return {{"type", "model"},
          {"id", name},
          {"display_name", name},
          {"created_at", "1970-01-01T00:00:00Z"}};
}

ordered_json openai_model(const std::string& name, const api& protocol) {
  return {{"id", name}, {"object", "model"}, {"created", 0}, {"owned_by", vendor(protocol)}};
}

ordered_json gemini_model(const std::string& name) {
  return {{"name", "models/" + name},
          {"displayName", name},
          {"supportedGenerationMethods",
           {"generateContent", "streamGenerateContent", "countTokens", "embedContent"}}};
}

ordered_json model_json(const api& shape, const std::string& name, const api& protocol) {
  if (&shape == &anthropic_messages) return anthropic_model(name);
  if (&shape == &gemini_generate) return gemini_model(name);
  return openai_model(name, protocol);
}

}  // namespace

const api& model_list_api(const route& asked, const header_source& headers,
                          std::string_view query) {
  if (!asked.shared) return *asked.protocol;
  if (!headers.find("anthropic-version").empty()) return anthropic_messages;
  const bool of_google = !headers.find("x-goog-api-key").empty() || has_key(query);
  if (of_google) return gemini_generate;
  return openai_chat;
}

model_list::model_list(const route& asked, const api& shape, const model_offer& offer,
                       const api_key& key, const price_table& prices)
    : shape_(shape) {
  const bool of_every_api = asked.shared && &shape == &openai_chat;
  for (const auto& each : offer) {
    if (!of_every_api && each.protocol->service() != shape.service()) continue;
    if (!check_service(key, each.protocol->service())) continue;
    auto names = each.models;
    if (each.any) {
      prices.each_name([&](const std::string& name) {
        if (is_of_vendor(name, *each.protocol)) names.insert(name);
      });
    }
    for (const auto& name : names) {
      if (check_model(key, name)) entries_.push_back({name, each.protocol});
    }
  }
}

std::string model_list::body() const {
  auto models = ordered_json::array();
  for (const auto& each : entries_) models.push_back(model_json(shape_, each.name, *each.protocol));
  if (&shape_ == &gemini_generate) return dump_json({{"models", std::move(models)}});
  if (&shape_ != &anthropic_messages) {
    return dump_json({{"object", "list"}, {"data", std::move(models)}});
  }
  const auto id = [&](std::size_t at) {
    return at < models.size() ? models[at]["id"] : ordered_json(nullptr);
  };
  const auto first = id(0), last = id(models.size() - 1);
  return dump_json(
      {{"data", std::move(models)}, {"has_more", false}, {"first_id", first}, {"last_id", last}});
}

std::optional<std::string> model_list::body_of(std::string_view model) const {
  for (const auto& each : entries_) {
    if (each.name == model) return dump_json(model_json(shape_, each.name, *each.protocol));
  }
  return std::nullopt;
}

}  // namespace baton::relay
