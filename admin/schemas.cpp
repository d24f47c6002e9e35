#include "admin/schemas.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "admin/account_fields.hpp"
#include "admin/group_fields.hpp"
#include "admin/key_fields.hpp"
#include "base/error.hpp"
#include "relay/platform.hpp"

namespace baton::admin {
namespace {

using json = nlohmann::ordered_json;

json text() {
  return {{"type", "string"}};
}
json time() {
  return {{"type", "string"}, {"format", "date-time"}};
}
json whole() {
  return {{"type", "integer"}};
}
json flag() {
  return {{"type", "boolean"}};
}
json any_object() {
  return {{"type", "object"}};
}
json list_of(json element) {
  return {{"type", "array"}, {"items", std::move(element)}};
}
json ref(std::string_view name) {
  return {{"$ref", "#/components/schemas/" + std::string(name)}};
}
json or_null(json schema) {
  if (schema.contains("type")) {
    schema["type"] = json::array({schema["type"], "null"});
    return schema;
  }
  return {{"anyOf", json::array({std::move(schema), {{"type", "null"}}})}};
}

struct member {
  const char* name;
  json schema;
  bool required = true;
};

json object_of(std::initializer_list<member> members) {
  auto properties = json::object();
  auto required = json::array();
  for (const auto& each : members) {
    properties[each.name] = each.schema;
    if (each.required) required.push_back(each.name);
  }
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

json page_of(std::string_view name) {
  return object_of({{"items", list_of(ref(name))},
                    {"total", whole()},
                    {"page", whole()},
                    {"pageSize", whole()}});
}

// `schema`, which is an object's, with one more member, which is always there.
json with(json schema, const char* name, json member) {
  schema["properties"][name] = std::move(member);
  schema["required"].push_back(name);
  return schema;
}

void add_logins(json& all) {
  all["Login"] = object_of({{"username", text()}, {"password", text()}});
  all["PasswordChange"] = object_of({{"currentPassword", text()},
                                     {"newPassword", text()},
                                     {"newUsername", or_null(text()), false}});
  all["Token"] = object_of(
      {{"token", text()}, {"tokenType", text()}, {"expiresIn", whole()}, {"username", text()}});
  all["Me"] = object_of({{"username", text()}, {"role", text()}, {"expiresAt", time()}});
  all["Success"] = object_of({{"success", flag()}});
}

// "Key" as it is shown, one at a time and by the page; "NewKey" and "KeyChange" as it is sent.
template <class T>
void add_kind(json& all, const std::string& name, const field_table<T>& fields) {
  all[name] = shown_schema_of(fields);
  all["New" + name] = schema_of(fields);
  all[name + "Change"] = change_schema_of(fields);
  all[name + "Page"] = page_of(name);
}

// What a new account may have depends on the platform that the path names.
void add_new_accounts(json& all) {
  auto kinds = json::array();
  for (const auto* const each : relay::platforms()) {
    const auto name = "NewAccount." + std::string(each->id());
    all[name] = schema_of(account_fields(each->id()));
    kinds.push_back(admin::ref(name));  // said outright, for std::ref() takes a string too
  }
  all["NewAccount"] = {{"description", "That of the platform in the path"},
                       {"anyOf", std::move(kinds)}};
}

void add_kept(json& all) {
  add_kind(all, "Key", key_fields());
  all["CreatedKey"] = with(all["Key"], "key", text());
  add_kind(all, "Account", account_fields());
  add_new_accounts(all);
  add_kind(all, "Group", group_fields());
  all["GroupWithAccounts"] = with(all["Group"], "accountIds", list_of(text()));
  all["TagName"] = object_of({{"name", text()}});
  all["Tag"] = object_of({{"name", text()}, {"keys", whole()}, {"accounts", whole()}});
  all["TagPage"] = page_of("Tag");
}

void add_live(json& all) {
  all["TestOrder"] = object_of({{"model", or_null(text()), false}});
  all["Trial"] = object_of({{"works", flag()},
                            {"status", whole()},
                            {"latencyMs", whole()},
                            {"model", text()},
                            {"problem", text()}});
  all["Availability"] =
      object_of({{"id", text()},
                 {"name", text()},
                 {"platform", text()},
                 {"available", flag()},
                 {"state", text()},
                 {"backAt", or_null(time())},
                 {"limitedModels", list_of(object_of({{"family", text()}, {"until", time()}}))},
                 {"circuit", text()},
                 {"inFlight", or_null(whole())},
                 {"concurrencyLimit", whole()},
                 {"usedToday", or_null(object_of({{"tokens", whole()}, {"costUsd", text()}}))}});
  all["DryRun"] = object_of({{"key", text()},
                             {"path", or_null(text()), false},
                             {"model", or_null(text()), false},
                             {"session", or_null(text()), false},
                             {"request", any_object(), false}});
  all["Explanation"] =
      object_of({{"account", or_null(text())},
                 {"refusal", or_null(object_of({{"code", text()}, {"message", text()}}))},
                 {"mayWait", flag()},
                 {"fallback", flag()},
                 {"accounts", list_of(object_of({{"id", text()},
                                                 {"name", text()},
                                                 {"platform", text()},
                                                 {"priority", whole()},
                                                 {"reason", text()},
                                                 {"text", text()},
                                                 {"backIn", or_null(whole())}}))}});
}

json tokens() {
  return object_of({{"input", whole()},
                    {"output", whole()},
                    {"cacheRead", whole()},
                    {"cacheWrite5m", whole()},
                    {"cacheWrite1h", whole()},
                    {"reasoning", whole()},
                    {"total", whole()}});
}

json counts(bool with_tokens) {
  auto schema = object_of({{"requests", whole()},
                           {"costUsd", text()},
                           {"ratedCostUsd", text()},
                           {"fallbackRequests", whole()}});
  return with_tokens ? with(std::move(schema), "tokens", tokens()) : schema;
}

json entry(bool with_tokens) {
  auto schema = counts(with_tokens);
  schema = with(std::move(schema), "start", or_null(time()));
  schema = with(std::move(schema), "group", or_null(text()));
  schema = with(std::move(schema), "name", or_null(text()));
  return with(std::move(schema), "rest", flag());
}

json report(bool with_tokens) {
  return object_of({{"from", or_null(time())},
                    {"to", or_null(time())},
                    {"granularity", text()},
                    {"groupBy", text()},
                    {"items", list_of(entry(with_tokens))},
                    {"total", counts(with_tokens)},
                    {"itemCount", whole()},
                    {"page", whole()},
                    {"pageSize", whole()}});
}

json record() {
  const json milliseconds = {{"type", "number"}};
  return object_of({{"number", whole()},
                    {"requestId", text()},
                    {"finishedAt", time()},
                    {"key", text()},
                    {"account", text()},
                    {"platform", text()},
                    {"route", text()},
                    {"modelAsked", text()},
                    {"model", text()},
                    {"tokens", tokens()},
                    {"costUsd", text()},
                    {"ratedCostUsd", text()},
                    {"priceVersion", text()},
                    {"pricedByFallback", flag()},
                    {"usageEstimated", flag()},
                    {"stream", flag()},
                    {"counted", flag()},
                    {"status", whole()},
                    {"outcome", text()},
                    {"error", text()},
                    {"attempts", whole()},
                    {"durationMs", or_null(milliseconds)},
                    {"timeToFirstByteMs", or_null(milliseconds)}});
}

void add_stats(json& all) {
  all["UsageReport"] = report(true);
  all["CostReport"] = report(false);
  all["KeyStats"] = object_of({{"id", text()},
                               {"name", text()},
                               {"from", or_null(time())},
                               {"to", or_null(time())},
                               {"granularity", text()},
                               {"items", list_of(entry(true))},
                               {"total", counts(true)},
                               {"models", list_of(entry(true))}});
  all["RequestPage"] = object_of({{"items", list_of(record())}, {"next", or_null(whole())}});
}

json error_codes() {
  auto codes = json::array();
  for (int each = 0; each <= static_cast<int>(error_code::internal); ++each) {
    codes.push_back(to_string(static_cast<error_code>(each)));
  }
  return {{"type", "string"}, {"enum", std::move(codes)}};
}

void add_system(json& all) {
  all["AuditPage"] = object_of({{"items", list_of(object_of({{"id", whole()},
                                                             {"at", time()},
                                                             {"actor", text()},
                                                             {"address", or_null(text())},
                                                             {"action", text()},
                                                             {"objectType", or_null(text())},
                                                             {"objectId", or_null(text())},
                                                             {"objectName", or_null(text())},
                                                             {"outcome", text()},
                                                             {"changes", any_object()}}))},
                                {"next", or_null(whole())}});
  all["Config"] = object_of({{"settings", list_of(object_of({{"name", text()},
                                                             {"value", json::object()},
                                                             {"default", json::object()},
                                                             {"allowed", text()},
                                                             {"about", text()},
                                                             {"changeable", flag()}}))}});
  all["ConfigChange"] = {{"type", "object"},
                         {"description", "Settings by their names: {\"log.level\":\"debug\"}"}};
  all["Description"] = any_object();
  all["Error"] = object_of(
      {{"error",
        object_of({{"code", error_codes()}, {"message", text()}, {"field", text(), false}})}});
  all["V1Body"] = {{"type", "object"}, {"description", "As v1 takes it"}};
  all["V1Answer"] = {{"type", "object"},
                     {"properties", {{"success", flag()}}},
                     {"required", json::array({"success"})},
                     {"description", "As v1 gives it: {success, data}"}};
  all["V1Error"] = object_of({{"error", text()}, {"message", text()}});
}

}  // namespace

nlohmann::ordered_json schemas() {
  auto all = json::object();
  add_logins(all);
  add_kept(all);
  add_live(all);
  add_stats(all);
  add_system(all);
  return all;
}

}  // namespace baton::admin
