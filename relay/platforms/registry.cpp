#include "relay/platforms/registry.hpp"

#include <algorithm>

#include "relay/platform.hpp"
#include "relay/platforms/account_checks.hpp"
#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/anthropic_routes.hpp"
#include "relay/platforms/azure_openai.hpp"
#include "relay/platforms/bedrock_api.hpp"
#include "relay/platforms/bedrock_platform.hpp"
#include "relay/platforms/bedrock_routes.hpp"
#include "relay/platforms/claude_console.hpp"
#include "relay/platforms/gemini_api.hpp"
#include "relay/platforms/gemini_api_platform.hpp"
#include "relay/platforms/gemini_platform.hpp"
#include "relay/platforms/gemini_routes.hpp"
#include "relay/platforms/openai_api.hpp"
#include "relay/platforms/openai_responses.hpp"
#include "relay/platforms/openai_routes.hpp"
#include "relay/platforms/own_routes.hpp"

namespace baton::relay {

const std::vector<const platform*>& platforms() {
  static const claude_console console;
  static const openai_responses_platform openai;
  static const azure_openai azure;
  static const gemini_platform gemini;
  static const gemini_api_platform gemini_api;
  static const bedrock_platform bedrock;
  static const std::vector<const platform*> all{&console,    &openai, &azure,
                                                &gemini_api, &gemini, &bedrock};
  return all;
}

// Whoever calls no path of a family is answered as by Baton's first API.
const std::vector<route_table>& route_tables() {
  static const std::vector<route_table> all{
      {own_routes(), "", &anthropic_messages},
      {anthropic_routes(), "/claude", &anthropic_messages},
      {openai_routes(), "/openai", &openai_chat},
      {azure_routes(), "/azure", &azure_chat},
      {gemini_routes(), "/gemini", &gemini_generate},
      {bare_gemini_routes(), "/v1beta", &gemini_generate},
      {code_assist_routes(), "/v1internal", &code_assist},
      {bedrock_routes(), "/bedrock", &bedrock_invoke},
  };
  return all;
}

const std::vector<const api*>& listed_apis() {
  static const std::vector<const api*> all{&anthropic_messages, &openai_chat, &gemini_generate};
  return all;
}

const platform* find_platform(std::string_view id) {
  const auto& all = platforms();
  const auto found =
      std::find_if(all.begin(), all.end(), [id](const platform* one) { return one->id() == id; });
  return found == all.end() ? nullptr : *found;
}

result<ready_account> prepare_account(account config) {
  if (const platform* known = find_platform(config.platform)) {
    return known->prepare(std::move(config));
  }
  std::string allowed;
  for (const platform* one : platforms()) {
    if (!allowed.empty()) allowed += ", ";
    allowed += one->id();
  }
  return downstream_error(error_code::invalid_argument, "platform must be one of: " + allowed);
}

result<std::vector<trial_request>> trials_of(const ready_account& account, std::string_view model) {
  const auto& own = account.config.models;
  if (model.empty() && !own.empty()) model = own.begin()->first;
  if (model.empty()) model = account.platform->trial_model(account.config);
  auto trials = account.platform->trials(model);
  if (!trials.front().model) return trials;
  if (auto named = check_model_name("model", model); !named) return named.error();
  return trials;
}

}  // namespace baton::relay
