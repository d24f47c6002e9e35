#include "relay/platforms/openai_responses.hpp"

#include "relay/platforms/account_checks.hpp"
#include "relay/platforms/openai_api.hpp"
#include "relay/platforms/openai_error_answer.hpp"
#include "relay/platforms/openai_path.hpp"
#include "relay/platforms/trial_requests.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view usual_url = "https://api.openai.com";
constexpr std::string_view version = "/v1";  // that the routes' paths begin with

}  // namespace

bool openai_responses_platform::answers(const api& client_api) const {
  return &client_api == &openai_responses || &client_api == &openai_chat;
}

result<ready_account> openai_responses_platform::prepare(account config) const {
  if (auto common = check_common_fields(config); !common) return common.error();
  if (auto secret = check_key_or_token(config.credential); !secret) return secret.error();
  auto target = check_api_url(config, usual_url);
  if (!target) return target.error();
  ready_account ready;
  ready.platform = this;
  ready.target = *std::move(target);
  ready.target.base_path = openai_base_path(ready.target.base_path);
  ready.credential_lines = "Authorization: Bearer " + config.credential.effective() + "\r\n";
  ready.config = std::move(config);
  return ready;
}

void openai_responses_platform::append_target(std::string& head,
                                              const outgoing_request& request) const {
  head += request.account.target.base_path;
  head += std::string_view(upstream_path(request.route, request.parameter)).substr(version.size());
  if (request.query.empty()) return;
  head += '?';
  head += request.query;
}

error_reading openai_responses_platform::read_error(const relay::route& route,
                                                    const error_answer& answer) const {
  return read_openai_error(route, answer).reading;
}

std::string_view openai_responses_platform::trial_model(const account&) const {
  return "gpt-5.4-nano";
}

std::vector<trial_request> openai_responses_platform::trials(std::string_view model) const {
  return {responses_trial(model), chat_trial(model)};
}

}  // namespace baton::relay
