#include "relay/platforms/azure_openai.hpp"

#include "relay/percent_text.hpp"
#include "relay/platforms/account_checks.hpp"
#include "relay/platforms/openai_api.hpp"
#include "relay/platforms/openai_error_answer.hpp"
#include "relay/platforms/trial_requests.hpp"
#include "relay/query_text.hpp"

namespace baton::relay {
namespace {

// The last dated versions; Responses never left preview among them.
// https://learn.microsoft.com/azure/ai-services/openai/api-version-lifecycle
constexpr std::string_view usual_version = "2024-10-21";
constexpr std::string_view responses_version = "2025-04-01-preview";
// The first one that knows stream_options; earlier ones refuse a body that has them, and never tell
// the usage of a stream.
constexpr std::string_view stream_options_version = "2024-09-01-preview";

constexpr std::string_view version_name = "api-version";
constexpr std::string_view hole = "{}";

// What is left of a base path without Azure's own part, which operators copy along.
std::string_view resource_path(std::string_view base_path) {
  constexpr std::string_view azure_part = "/openai";
  const auto at = base_path.rfind(azure_part);
  if (at == base_path.npos) return base_path;
  const auto behind = base_path.substr(at + azure_part.size());
  const bool is_azures = behind.empty() || behind == "/v1" || behind == "/responses" ||
                         behind.starts_with("/deployments/");
  return is_azures ? base_path.substr(0, at) : base_path;
}

std::string credential_line(const account_credential& credential) {
  // A session token is one of Microsoft Entra ID.
  return credential.session_token.empty()
             ? "api-key: " + credential.api_key + "\r\n"
             : "Authorization: Bearer " + credential.session_token + "\r\n";
}

std::string_view deployment_of(const outgoing_request& request) {
  const account& config = request.account.config;
  const std::string_view asked = request.facts.model;
  if (const auto entry = config.models.find(asked); entry != config.models.end()) {
    return entry->second;
  }
  return config.deployment_name.empty() ? asked : std::string_view(config.deployment_name);
}

// Azure's path for a route, be it one of Azure's own or one of OpenAI's.
std::string azure_path(const outgoing_request& request) {
  constexpr std::string_view openai_version = "/v1", responses = "/responses";
  std::string_view path = request.route.upstream_path;
  std::string full;
  if (path.starts_with(openai_version)) {
    path.remove_prefix(openai_version.size());
    full = path.starts_with(responses) ? "/openai" : "/openai/deployments/{}";
  }
  full += path;
  if (const auto place = full.find(hole); place != full.npos) {
    const bool names_answer = request.route.op == operation::stored_answer;
    full.replace(
        place, hole.size(),
        names_answer ? std::string(request.parameter) : percent_encode(deployment_of(request)));
  }
  return full;
}

std::string_view version_asked_for(const outgoing_request& request) {
  std::string_view version;
  for_each_parameter(request.query, [&version](const query_parameter& parameter) {
    if (version.empty() && parameter.is_called(version_name)) version = parameter.value;
  });
  if (!version.empty()) return version;
  const auto& own = request.account.config.api_version;
  if (!own.empty()) return own;
  const bool of_responses =
      request.route.upstream_path.find("/responses") != std::string_view::npos;
  return of_responses ? responses_version : usual_version;
}

// A chat stream's usage is told only where stream_options ask for it. Where the version does not
// know them, the stream is asked for in the first one that does: left as it is it could not be
// counted, and a later version takes what an earlier one took. Versions are dates, which are in
// order as texts; one that is none is newer than all of them.
std::string_view version_of(const outgoing_request& request) {
  const auto asked = version_asked_for(request);
  const bool is_older = percent_decode_leniently(asked) < stream_options_version;
  return request.facts.usage_wish && is_older ? stream_options_version : asked;
}

}  // namespace

bool azure_openai::answers(const api& client_api) const {
  return &client_api == &azure_chat || &client_api == &azure_responses ||
         &client_api == &openai_chat || &client_api == &openai_responses;
}

// Responses name no model where they name an answer that is kept.
bool azure_openai::needs_model(const account& config, const api& client_api) const {
  return &client_api == &azure_chat && config.deployment_name.empty();
}

result<ready_account> azure_openai::prepare(account config) const {
  if (auto common = check_common_fields(config); !common) return common.error();
  if (auto secret = check_key_or_token(config.credential); !secret) return secret.error();
  auto target = check_api_url(config);
  if (!target) return target.error();
  ready_account ready;
  ready.platform = this;
  ready.target = *std::move(target);
  ready.target.base_path = std::string(resource_path(ready.target.base_path));
  ready.credential_lines = credential_line(config.credential);
  ready.config = std::move(config);
  return ready;
}

void azure_openai::append_target(std::string& head, const outgoing_request& request) const {
  head += request.account.target.base_path;
  head += azure_path(request);
  head.append(1, '?').append(version_name).append(1, '=').append(version_of(request));
  for_each_parameter(request.query, [&head](const query_parameter& parameter) {
    if (!parameter.is_called(version_name)) head.append(1, '&').append(parameter.text);
  });
}

void azure_openai::edit_body(body_edits& edits, const outgoing_request& request) const {
  outgoing_request sent = request;
  sent.model = deployment_of(request);
  platform::edit_body(edits, sent);
}

// A deployment that is missing is the operator's mistake, and another account may have it. 408 is
// Azure's own time-out, not one of the client.
error_reading azure_openai::read_error(const relay::route& route,
                                       const error_answer& answer) const {
  auto [reading, error_name] = read_openai_error(route, answer);
  if (answer.status == 404 && error_name == "DeploymentNotFound") reading.status = 403;
  if (answer.status == 408) reading.status = 504;
  return reading;
}

std::string_view azure_openai::trial_model(const account& config) const {
  return config.deployment_name;
}

std::vector<trial_request> azure_openai::trials(std::string_view model) const {
  return {azure_chat_trial(model)};
}

}  // namespace baton::relay
