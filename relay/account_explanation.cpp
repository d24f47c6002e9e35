#include "relay/account_explanation.hpp"

#include <algorithm>

#include "relay/account_pool.hpp"

namespace baton::relay {
namespace {

using std::chrono::seconds;

choice_reason reason_of(account_state away) {
  switch (away) {
    case account_state::rate_limited: return choice_reason::rate_limited;
    case account_state::unauthorized: return choice_reason::unauthorized;
    case account_state::blocked: return choice_reason::blocked;
    case account_state::circuit_open: return choice_reason::circuit_open;
    case account_state::over_quota: return choice_reason::over_quota;
    default: return choice_reason::cooling_down;
  }
}

std::string away_text(choice_reason why) {
  switch (why) {
    case choice_reason::rate_limited: return "limited by its upstream";
    case choice_reason::unauthorized: return "its credential was refused";
    case choice_reason::blocked: return "its upstream says that it is disabled";
    case choice_reason::circuit_open: return "too many of its answers failed";
    case choice_reason::over_quota: return "it has used what it may in a day";
    default: return "kept away from after an error";
  }
}

bool is_own(const account& config, const api_key& key) {
  if (key.bound_account && config.id == *key.bound_account) return true;
  const auto& groups = config.groups;
  return key.bound_group &&
         std::find(groups.begin(), groups.end(), *key.bound_group) != groups.end();
}

// Why an account that could serve the request does not. `session`: the choice is that of one.
choice_reason passed_over(const account& config, const choice_request& request, const choice& made,
                          bool session) {
  const bool bound = request.key != nullptr && request.key->is_bound();
  if (bound && !made.fallback && !is_own(config, *request.key)) return choice_reason::fallback_only;
  if (session) return choice_reason::session_elsewhere;
  if (config.priority > made.account->config.priority) return choice_reason::lower_priority;
  return request.spread != 0 ? choice_reason::session_elsewhere : choice_reason::not_its_turn;
}

std::string text_of(choice_reason why, const account& config, const choice_request& request) {
  switch (why) {
    case choice_reason::chosen: return "the request would get this one";
    case choice_reason::only_another: return "another account keeps the answer that is asked for";
    case choice_reason::not_bound: return "the API key is bound elsewhere";
    case choice_reason::not_shared:
      return config.type == account_type::dedicated ? "it serves only keys that are bound to it"
                                                    : "it serves only keys bound to its groups";
    case choice_reason::inactive: return "it is switched off";
    case choice_reason::not_schedulable: return "it is taken out of the choice";
    case choice_reason::other_api: return config.platform + " does not answer this API";
    case choice_reason::model_not_supported:
      return request.model.empty() ? "the request names no model, and this account has none"
                                   : "the model is not among those of this account";
    case choice_reason::already_tried: return "this request has failed on it";
    case choice_reason::busy: return "every slot of its concurrency limit is taken";
    case choice_reason::fallback_only: return "it stands in only if none of the key's own can";
    case choice_reason::session_elsewhere: return "it could, but the session has another account";
    case choice_reason::lower_priority: return "it could, but another priority comes before its";
    case choice_reason::not_its_turn: return "it could, but it is another account's turn";
    default: return away_text(why);
  }
}

}  // namespace

std::string_view to_string(choice_reason reason) {
  switch (reason) {
    case choice_reason::chosen: return "chosen";
    case choice_reason::only_another: return "only_another";
    case choice_reason::not_bound: return "not_bound";
    case choice_reason::not_shared: return "not_shared";
    case choice_reason::inactive: return "inactive";
    case choice_reason::not_schedulable: return "not_schedulable";
    case choice_reason::other_api: return "other_api";
    case choice_reason::model_not_supported: return "model_not_supported";
    case choice_reason::already_tried: return "already_tried";
    case choice_reason::cooling_down: return "cooling_down";
    case choice_reason::rate_limited: return "rate_limited";
    case choice_reason::unauthorized: return "unauthorized";
    case choice_reason::blocked: return "blocked";
    case choice_reason::circuit_open: return "circuit_open";
    case choice_reason::over_quota: return "over_quota";
    case choice_reason::busy: return "busy";
    case choice_reason::fallback_only: return "fallback_only";
    case choice_reason::session_elsewhere: return "session_elsewhere";
    case choice_reason::lower_priority: return "lower_priority";
    case choice_reason::not_its_turn: return "not_its_turn";
  }
  return "inactive";
}

// Chosen in a copy, so that it is the same code that chooses, and nobody loses his turn.
choice_explanation account_pool::explain(const choice_request& request,
                                         const account_id* session_account) const {
  account_pool trial = *this;
  const choice made =
      session_account != nullptr ? trial.take(*session_account, request) : trial.choose(request);
  choice_explanation told{.account = {},
                          .fallback = made.fallback,
                          .must_ask = made.must_ask,
                          .refusal = made.refusal,
                          .may_wait = made.may_wait,
                          .accounts = {}};
  if (made.account) told.account = made.account->config.id;
  told.accounts.reserve(entries_.size());
  for (std::size_t index = 0; index < entries_.size(); ++index) {
    told.accounts.push_back(explain_one(index, request, made, session_account != nullptr));
  }
  return told;
}

account_explanation account_pool::explain_one(std::size_t index, const choice_request& request,
                                              const choice& made, bool session) const {
  const entry& candidate = entries_[index];
  const account& config = candidate.account->config;
  account_explanation told{.id = config.id,
                           .name = config.name,
                           .platform = config.platform,
                           .priority = config.priority,
                           .reason = choice_reason::chosen,
                           .text = {},
                           .back_in = {}};
  if (candidate.account != made.account) told.reason = reason_against(index, request);
  if (candidate.account != made.account && told.reason == choice_reason::chosen) {
    told.reason = passed_over(config, request, made, session);
  }
  told.text = text_of(told.reason, config, request);
  const auto back = back_at(candidate, request);
  if (told.reason != choice_reason::chosen && back > request.now) {
    told.back_in = std::chrono::ceil<seconds>(back - request.now);
  }
  return told;
}

// The filter that keeps the account out; `chosen`: none does.
choice_reason account_pool::reason_against(std::size_t index, const choice_request& request) const {
  const entry& candidate = entries_[index];
  if (!serves(index, request)) {
    if (request.only != nullptr) return choice_reason::only_another;
    const bool bound = request.key != nullptr && request.key->is_bound();
    return bound ? choice_reason::not_bound : choice_reason::not_shared;
  }
  switch (check(candidate, request)) {
    case refusal::none: return choice_reason::chosen;
    case refusal::inactive:
      return candidate.account->config.is_active ? choice_reason::not_schedulable
                                                 : choice_reason::inactive;
    case refusal::other_api: return choice_reason::other_api;
    case refusal::model: return choice_reason::model_not_supported;
    case refusal::failed: return choice_reason::already_tried;
    case refusal::away: {
      // Else it is a limit of the model's family that ends last.
      const bool with_all_models = back_at(candidate, request) == candidate.status.away_until;
      return with_all_models ? reason_of(candidate.status.reason) : choice_reason::rate_limited;
    }
    case refusal::full: return choice_reason::busy;
  }
  return choice_reason::inactive;
}

}  // namespace baton::relay
