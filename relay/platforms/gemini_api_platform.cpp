#include "relay/platforms/gemini_api_platform.hpp"

#include "relay/platforms/account_checks.hpp"
#include "relay/platforms/gemini_api.hpp"
#include "relay/platforms/google_error.hpp"
#include "relay/platforms/path_version.hpp"
#include "relay/platforms/trial_requests.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view usual_url = "https://generativelanguage.googleapis.com";

// What of the base is left before the path's "/models", if the base has a version.
std::optional<std::string_view> versioned_base(std::string_view base) {
  constexpr std::string_view models = "/models";
  if (base.ends_with(models)) base.remove_suffix(models.size());
  const auto slash = base.rfind('/');
  if (slash == base.npos || !is_path_version(base.substr(slash + 1))) return std::nullopt;
  return base;
}

}  // namespace

bool gemini_api_platform::answers(const api& client_api) const {
  return &client_api == &gemini_generate;
}

result<ready_account> gemini_api_platform::prepare(account config) const {
  if (auto common = check_common_fields(config); !common) return common.error();
  const auto& key = config.credential.api_key;
  if (auto secret = check_header_secret("apiKey", key); !secret) return secret.error();
  if (key.empty()) return downstream_error(error_code::invalid_argument, "apiKey is required");
  auto target = check_api_url(config, usual_url);
  if (!target) return target.error();
  ready_account ready;
  ready.platform = this;
  ready.target = *std::move(target);
  ready.credential_lines = "x-goog-api-key: " + key + "\r\n";
  ready.config = std::move(config);
  return ready;
}

void gemini_api_platform::append_target(std::string& head, const outgoing_request& request) const {
  const auto base = versioned_base(request.account.target.base_path);
  if (!base) return platform::append_target(head, request);
  const auto path = upstream_path(request.route, request.parameter);
  head.append(*base).append(path, path.find('/', 1));
  if (!request.query.empty()) head.append("?").append(request.query);
}

error_reading gemini_api_platform::read_error(const relay::route&,
                                              const error_answer& answer) const {
  return read_google_error(answer);
}

std::string_view gemini_api_platform::trial_model(const account&) const {
  return "gemini-3.5-flash-lite";
}

std::vector<trial_request> gemini_api_platform::trials(std::string_view model) const {
  return {gemini_trial(model)};
}

}  // namespace baton::relay
