#include "admin/account_views.hpp"

#include <utility>

#include "admin/field.hpp"
#include "base/timestamps.hpp"
#include "relay/usd_text.hpp"

namespace baton::admin {
namespace {

using nlohmann::ordered_json;

std::string_view circuit_name(relay::circuit_breaker::state state) {
  switch (state) {
    case relay::circuit_breaker::state::closed: return "closed";
    case relay::circuit_breaker::state::open: return "open";
    case relay::circuit_breaker::state::half_open: return "half_open";
  }
  return "closed";
}

ordered_json limited_json(const relay::account_report& report) {
  auto limited = ordered_json::array();
  for (const auto& each : report.limited) {
    limited.push_back({{"family", each.family}, {"until", spell_timestamp(each.until)}});
  }
  return limited;
}

ordered_json used_json(const relay::account_report& report) {
  if (!report.used_today) return nullptr;
  return {{"tokens", report.used_today->tokens},
          {"costUsd", relay::spell_usd(report.used_today->cost_nanousd)}};
}

}  // namespace

ordered_json availability_json(const relay::account& account, const relay::account_report& report) {
  const bool available = report.state == relay::account_state::active &&
                         report.circuit != relay::circuit_breaker::state::open;
  return {{"id", account.id.value()},
          {"name", account.name},
          {"platform", account.platform},
          {"available", available},
          {"state", relay::to_string(report.state)},
          {"backAt", report.back_at ? ordered_json(spell_timestamp(*report.back_at)) : nullptr},
          {"limitedModels", limited_json(report)},
          {"circuit", circuit_name(report.circuit)},
          {"inFlight", report.in_flight ? ordered_json(*report.in_flight) : ordered_json(nullptr)},
          {"concurrencyLimit", account.concurrency_limit},
          {"usedToday", used_json(report)}};
}

ordered_json explanation_json(const relay::choice_explanation& explanation) {
  auto accounts = ordered_json::array();
  for (const auto& each : explanation.accounts) {
    accounts.push_back(
        {{"id", each.id.value()},
         {"name", each.name},
         {"platform", each.platform},
         {"priority", each.priority},
         {"reason", relay::to_string(each.reason)},
         {"text", each.text},
         {"backIn", each.back_in ? ordered_json(each.back_in->count()) : ordered_json(nullptr)}});
  }
  ordered_json refusal = nullptr;
  if (!explanation.account) {
    refusal = {{"code", to_string(explanation.refusal.code)},
               {"message", explanation.refusal.text}};
  }
  return {{"account", explanation.account ? ordered_json(explanation.account->value()) : nullptr},
          {"refusal", std::move(refusal)},
          {"mayWait", explanation.may_wait},
          {"fallback", explanation.fallback},
          {"accounts", std::move(accounts)}};
}

ordered_json trial_json(const relay::account_trial& trial) {
  return {{"works", trial.works},
          {"status", trial.status},
          {"latencyMs", trial.latency.count()},
          {"model", trial.model},
          {"problem", trial.problem}};
}

result<std::string> read_model(const nlohmann::json& body) {
  if (auto known = check_names(body, {}, {"model"}); !known) return known.error();
  const auto sent = body.find("model");
  if (sent == body.end() || sent->is_null()) return std::string();
  if (!sent->is_string()) return field_error("model", "must be a text");
  return sent->get<std::string>();
}

}  // namespace baton::admin
