#include "relay/platforms/gemini_platform.hpp"

#include "relay/platforms/account_checks.hpp"
#include "relay/platforms/gemini_api.hpp"
#include "relay/platforms/google_error.hpp"
#include "relay/platforms/trial_requests.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view usual_url = "https://cloudcode-pa.googleapis.com";

}  // namespace

bool gemini_platform::answers(const api& client_api) const {
  return &client_api == &code_assist;
}

result<ready_account> gemini_platform::prepare(account config) const {
  if (auto common = check_common_fields(config); !common) return common.error();
  if (auto secret = check_key_or_token(config.credential); !secret) return secret.error();
  auto target = check_api_url(config, usual_url);
  if (!target) return target.error();
  ready_account ready;
  ready.platform = this;
  ready.target = *std::move(target);
  ready.credential_lines = "Authorization: Bearer " + config.credential.effective() + "\r\n";
  ready.config = std::move(config);
  return ready;
}

error_reading gemini_platform::read_error(const relay::route&, const error_answer& answer) const {
  return read_google_error(answer);
}

std::string_view gemini_platform::trial_model(const account&) const {
  return {};
}

std::vector<trial_request> gemini_platform::trials(std::string_view) const {
  return {code_assist_trial()};
}

}  // namespace baton::relay
