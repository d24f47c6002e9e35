// Why no account can serve a request, in words for its client: the reason of those that came
// closest.
#include <algorithm>
#include <string>

#include "relay/account_pool.hpp"

namespace baton::relay {
namespace {

constexpr std::chrono::seconds full_retry_after{1};
constexpr std::size_t model_shown_bytes_max = 128;  // a client may send a name of any length

std::string shown(std::string_view model) {
  return std::string(model.substr(0, model_shown_bytes_max));
}

std::string for_model(std::string_view model) {
  return model.empty() ? std::string() : " for the model " + shown(model);
}

error no_account(std::string text, std::optional<std::chrono::seconds> retry_after = {}) {
  error failure = internal_error(error_code::no_account, std::move(text));
  failure.retry_after = retry_after;
  return failure;
}

error rate_limited(std::string text, std::optional<std::chrono::seconds> retry_after) {
  error failure = internal_error(error_code::rate_limited, std::move(text));
  failure.retry_after = retry_after;
  return failure;
}

// Without a model, what is missing is for the client to say.
error unsupported(std::string_view model) {
  if (model.empty()) {
    return downstream_error(error_code::malformed_request,
                            "model: Field required, since no available account has one of its own");
  }
  return no_account("No available accounts support the requested model: " + shown(model));
}

}  // namespace

choice account_pool::refuse(const choice_request& request) {
  refusal closest = refusal::none;
  steady_time first_back = steady_time::max();
  bool limited = false;  // by an upstream that says so
  for (std::size_t index = 0; index < entries_.size(); ++index) {
    if (!serves(index, request)) continue;
    const entry& candidate = entries_[index];
    const refusal reason = check(candidate, request);
    closest = std::max(closest, reason);
    if (closest == refusal::full) break;  // nothing comes closer
    const auto back = back_at(candidate, request);
    if ((reason != refusal::away && reason != refusal::failed) || back <= request.now) continue;
    first_back = std::min(first_back, back);
    limited |= candidate.status.reason == account_state::rate_limited ||
               back > candidate.status.away_until;  // a limit of the model's family
  }
  std::optional<std::chrono::seconds> retry_after;
  if (first_back != steady_time::max()) {
    retry_after = std::chrono::ceil<std::chrono::seconds>(first_back - request.now);
  }
  const bool bound =
      request.key != nullptr && request.key->is_bound() && !request.key->binding_fallback;
  const std::string who = bound ? "The accounts bound to this API key" : "All accounts";
  choice refused;
  switch (closest) {
    case refusal::full:
      refused.may_wait = true;
      refused.refusal = rate_limited(
          who + " have reached their concurrency limit. Please try again later", full_retry_after);
      break;
    case refusal::away:
      refused.refusal =
          limited && !bound
              ? rate_limited(who + " are limited by their upstreams" + for_model(request.model),
                             retry_after)
              : no_account(who + " are not available for a time" + for_model(request.model),
                           retry_after);
      break;
    case refusal::failed:
      refused.refusal =
          no_account("Every account that could serve this request has failed to", retry_after);
      break;
    case refusal::model: refused.refusal = unsupported(request.model); break;
    default:
      refused.refusal =
          no_account(bound ? who + " are not available" : "No available accounts for this API");
  }
  return refused;
}

}  // namespace baton::relay
