// How accounts do at the moment, in JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "relay/account.hpp"
#include "relay/account_explanation.hpp"
#include "relay/account_report.hpp"
#include "relay/account_trial.hpp"

namespace baton::admin {

// {"id","name","platform","available","state","backAt","limitedModels","circuit","inFlight",
// "concurrencyLimit","usedToday"}. "available": requests may go to it now.
nlohmann::ordered_json availability_json(const relay::account& account,
                                         const relay::account_report& report);

// {"account","refusal","mayWait","fallback","accounts":[{"id","name","platform","priority","reason",
// "text","backIn"}]}
nlohmann::ordered_json explanation_json(const relay::choice_explanation& explanation);

// {"works","status","latencyMs","model","problem"}
nlohmann::ordered_json trial_json(const relay::account_trial& trial);

// The model that {"model":…} names, which may be missing. Errors: invalid_argument.
result<std::string> read_model(const nlohmann::json& body);

}  // namespace baton::admin
