#include "admin/v1/key_body.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "admin/key_fields.hpp"
#include "admin/v1/unused_fields.hpp"

namespace baton::admin::v1 {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using relay::account;
using relay::api_key;

constexpr std::string_view group_prefix = "group:";

struct binding {
  std::string_view field, platform;
  std::string_view prefix = {};  // of the account's id
};

constexpr std::array<binding, 9> bindings = {{{"claudeAccountId", "claude-official"},
                                              {"claudeConsoleAccountId", "claude-console"},
                                              {"geminiAccountId", "gemini"},
                                              {"geminiAccountId", "gemini-api", "api:"},
                                              {"openaiAccountId", "codex"},
                                              {"openaiAccountId", "openai-responses", "responses:"},
                                              {"azureOpenaiAccountId", "azure-openai"},
                                              {"bedrockAccountId", "bedrock"},
                                              {"droidAccountId", "droid"}}};

constexpr std::array<unused_field, 7> unused = {
    {{"icon", unused_field::what::any_text},
     {"createdBy", unused_field::what::any_text},
     {"userId", unused_field::what::any_text},
     {"userUsername", unused_field::what::any_text},
     {"enableOpenAIResponsesCodexAdaptation", unused_field::what::any_flag},
     {"enableOpenAIResponsesPayloadRules", unused_field::what::nothing,
      "must be false: rules for bodies are not supported"},
     {"openaiResponsesPayloadRules", unused_field::what::nothing,
      "must be empty: rules for bodies are not supported"}}};

// 0 stands for none in all of these.
constexpr std::array<std::string_view, 9> limits = {
    "tokenLimit",        "concurrencyLimit",    "rateLimitWindow",
    "rateLimitRequests", "rateLimitCost",       "dailyCostLimit",
    "totalCostLimit",    "weeklyOpusCostLimit", "activationDays"};

// Groups of accounts have no platform here: v1's field for those of Claude shows them all.
constexpr std::string_view field_of_groups = "claudeAccountId";

struct shown_binding {
  std::string_view field;  // empty: it is bound to nothing
  std::string value;
};

shown_binding binding_of(const api_key& key, const std::vector<account>& accounts) {
  if (key.bound_group) {
    return {field_of_groups, std::string(group_prefix) + key.bound_group->value()};
  }
  if (!key.bound_account) return {};
  const auto bound = std::find_if(accounts.begin(), accounts.end(), [&](const account& each) {
    return each.id == *key.bound_account;
  });
  for (const auto& each : bindings) {
    if (bound == accounts.end() || bound->platform != each.platform) continue;
    return {each.field, std::string(each.prefix) + key.bound_account->value()};
  }
  return {bindings.front().field, key.bound_account->value()};  // what it was bound to is gone
}

// The id of the account that `value` names in that field; empty: there is none.
std::string find_bound(std::string_view field, std::string_view value,
                       const std::vector<account>& accounts) {
  for (const auto& each : bindings) {
    if (each.field != field || !value.starts_with(each.prefix)) continue;
    const auto id = value.substr(each.prefix.size());
    for (const auto& account : accounts) {
      if (account.id.value() == id && account.platform == each.platform) return std::string(id);
    }
  }
  return {};
}

// Puts accountId or groupId in the place of v1's fields.
result<void> read_bindings(json& body, const api_key& before,
                           const std::vector<account>& accounts) {
  for (const auto* name : {"accountId", "groupId"}) {
    if (body.contains(name))
      return field_error(name, "is claudeConsoleAccountId and the like here");
  }
  const auto current = binding_of(before, accounts).field;
  std::string_view bound_by;
  bool unbound = false;
  for (const auto& each : bindings) {
    const auto sent = body.find(each.field);
    if (sent == body.end()) continue;
    if (!sent->is_null() && !sent->is_string()) {
      return field_error(each.field, "must be an id, \"group:\" and an id, or null");
    }
    const auto value = sent->is_null() ? std::string() : sent->get<std::string>();
    body.erase(sent);
    if (value.empty()) {
      unbound = unbound || each.field == current;
      continue;
    }
    if (!bound_by.empty()) {
      return field_error(each.field, "must be null where " + std::string(bound_by) +
                                         " is given: a key is bound to one account or group");
    }
    bound_by = each.field;
    if (value.starts_with(group_prefix)) {
      body["groupId"] = value.substr(group_prefix.size());
      continue;
    }
    auto id = find_bound(each.field, value, accounts);
    if (id.empty()) return field_error(each.field, "there is no such account");
    body["accountId"] = std::move(id);
  }
  if (bound_by.empty() && unbound) body["accountId"] = body["groupId"] = nullptr;
  return {};
}

// Forms send a number as a text, and an empty one for none.
void read_number(json& value) {
  if (value.is_null() || value == "") {
    value = 0;
  } else if (value.is_string()) {
    auto number = json::parse(value.get_ref<const std::string&>(), nullptr, false);
    if (number.is_number()) value = std::move(number);
  }
}

void read_permissions(json& value) {
  if (value == "all" || value == "") value = json::array();
  if (value.is_string()) value = json::array({value});
}

// null is what is not set: of a list or a text, what is not sent.
void drop_nulls(json& body) {
  for (auto each = body.begin(); each != body.end();) {
    const bool means_something =
        each.key() == "expiresAt" || each.key() == "accountId" || each.key() == "groupId";
    each = each->is_null() && !means_something ? body.erase(each) : std::next(each);
  }
}

}  // namespace

ordered_json key_json(const api_key& key, const std::vector<account>& accounts) {
  auto shown = show_fields(key_fields(), key);
  shown.erase("accountId");
  shown.erase("groupId");
  for (const auto& each : bindings) shown[std::string(each.field)] = nullptr;
  const auto bound = binding_of(key, accounts);
  if (!bound.field.empty()) shown[std::string(bound.field)] = bound.value;
  return shown;
}

result<json> key_body(json body, const api_key& before, const std::vector<account>& accounts) {
  if (auto done = drop_unused(body, unused); !done) return done.error();
  if (auto done = read_bindings(body, before, accounts); !done) return done.error();
  for (const auto name : limits) {
    if (const auto sent = body.find(name); sent != body.end()) read_number(*sent);
  }
  if (const auto sent = body.find("permissions"); sent != body.end()) read_permissions(*sent);
  if (const auto sent = body.find("expiresAt"); sent != body.end() && *sent == "") *sent = nullptr;
  drop_nulls(body);
  return {boost::system::in_place_value, std::move(body)};
}

}  // namespace baton::admin::v1
