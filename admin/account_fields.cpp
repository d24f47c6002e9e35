#include "admin/account_fields.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "admin/account_rule_fields.hpp"
#include "admin/proxy_fields.hpp"
#include "relay/platform.hpp"

namespace baton::admin {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using relay::account;
using relay::account_credential;

constexpr std::size_t models_max = 1000;

template <class V>
field<account> account_field(std::string name, std::string about, V account::*member,
                             value_kind<V> kind) {
  return writable<account>(std::move(name), std::move(about), member, std::move(kind));
}

field<account> credential(std::string name, std::string about,
                          std::string account_credential::*member) {
  return secret<account>(
      std::move(name),
      std::move(about), [member](auto& config) -> auto& { return config.credential.*member; });
}

field<account> credential_set(std::string name, std::string account_credential::*member) {
  return read_only<account>(
      std::move(name), "Whether there is one",
      [member](const account& config) { return !(config.credential.*member).empty(); }, boolean());
}

field<account> only_for(std::string platform, field<account> of) {
  of.belongs = [platform = std::move(platform)](const account& config) {
    return config.platform == platform;
  };
  return of;
}

field<account> not_for(std::string platform, field<account> of) {
  of.belongs = [platform = std::move(platform)](const account& config) {
    return config.platform != platform;
  };
  return of;
}

// Bedrock's API key, as AWS calls it: an alias of apiKey, so an audit entry names that.
field<account> bearer_token() {
  auto made = credential("bearerToken", "The API key of Bedrock, by another name",
                         &account_credential::api_key);
  made.same = nullptr;
  return only_for("bedrock", std::move(made));
}

// A list of names, or from → to.
value_kind<map_by_name<std::string>> models() {
  const auto name = line(1, 256);
  const auto list = list_of(name, models_max);
  auto map = map_of(name, name, models_max);
  map.schema = {{"oneOf", {map.schema, list.schema}}};
  map.read = [read_list = list.read, read_map = std::move(map.read)](
                 const json& value, const std::string& path) -> result<map_by_name<std::string>> {
    if (value.is_object()) return read_map(value, path);
    if (!value.is_array()) return field_error(path, "must be a list of models, or {asked: sent}");
    const auto names = read_list(value, path);
    if (!names) return names.error();
    map_by_name<std::string> same;
    for (const auto& each : *names) same[each] = each;
    return same;
  };
  return map;
}

field_table<account> about_fields() {
  return {
      read_only<account>("id", "Made by the server", &account::id, id_of<account_id>()),
      read_only<account>("platform", "The kind of upstream", &account::platform, line(1, 50)),
      required(account_field("name", "Name, unique among accounts", &account::name, line(1, 100))),
      account_field("description", "What it is for", &account::description, text(0, 500)),
  };
}

field_table<account> upstream_fields() {
  return {
      account_field("apiUrl",
                    "Where requests go: https://host[/prefix]; empty where the platform has an "
                    "address of its own",
                    &account::api_url, line(0, 2048)),
      only_for("bedrock", account_field("region", "The AWS region, such as eu-central-1",
                                        &account::region, line(0, 32))),
      only_for("azure-openai",
               account_field("deploymentName", "The deployment that answers the requests",
                             &account::deployment_name, line(0, 64))),
      only_for("azure-openai",
               account_field("apiVersion", "The version of its API, such as 2025-04-01-preview",
                             &account::api_version, line(0, 32))),
      only_for("bedrock", account_field("accessKeyId", "The id of the AWS access key",
                                        &account::access_key_id, line(0, 128))),
      credential("apiKey", "The API key", &account_credential::api_key),
      bearer_token(),
      not_for("gemini-api",
              credential("sessionToken",
                         "Used instead of the API key; for bedrock, that of a temporary AWS key",
                         &account_credential::session_token)),
      only_for("bedrock", credential("secretAccessKey", "The secret of the AWS access key",
                                     &account_credential::secret_access_key)),
      credential_set("apiKeySet", &account_credential::api_key),
      credential_set("sessionTokenSet", &account_credential::session_token),
      credential_set("secretAccessKeySet", &account_credential::secret_access_key),
      account_field("priority", "A smaller number is chosen first", &account::priority,
                    whole_number(1, 100)),
      account_field("concurrencyLimit", "Requests at once; 0: no limit",
                    &account::concurrency_limit, whole_number<std::uint32_t>(0, 1'000'000)),
      account_field("supportedModels",
                    "The only models it serves, each with the name that is sent upstream, or a "
                    "list where the names are the same; empty: all",
                    &account::models, models()),
  };
}

field_table<account> state_fields() {
  return {
      proxy_field(),
      account_field("isActive", "false switches it off", &account::is_active, boolean()),
      account_field("schedulable", "false takes it out of the choice without switching it off",
                    &account::schedulable, boolean()),
      account_field("tags", "Words to find it by", &account::tags, list_of(line(1, 50), 64)),
      read_only<account>("createdAt", "When it was made", &account::created_at, point_in_time()),
      read_only<account>("updatedAt", "When it was changed last", &account::updated_at,
                         point_in_time()),
  };
}

field_table<account> all_fields() {
  field_table<account> all;
  for (auto* const part : {&about_fields, &upstream_fields, &account_rule_fields, &state_fields}) {
    for (auto& each : part()) all.push_back(std::move(each));
  }
  return all;
}

// Of two names for one thing, one.
result<void> check_aliases(const json& object) {
  for (const auto& [alias, name] :
       {std::pair("groupId", "groupIds"), std::pair("bearerToken", "apiKey")}) {
    if (!object.contains(alias) || !object.contains(name)) continue;
    return field_error(alias, std::string("must not be sent beside ") + name);
  }
  return {};
}

}  // namespace

const field_table<account>& account_fields() {
  static const auto all = all_fields();
  return all;
}

field_table<account> account_fields(std::string_view platform) {
  account one;
  one.platform = platform;
  auto fields = account_fields();
  std::erase_if(fields,
                [&one](const field<account>& each) { return each.belongs && !each.belongs(one); });
  return fields;
}

result<void> read_account(const json& object, account& config, read_mode mode) {
  auto changed = config;
  if (auto done = read_fields(account_fields(), object, changed, mode); !done) return done;
  if (auto done = check_aliases(object); !done) return done;
  if (auto done = check_account(changed); !done) return done;
  config = std::move(changed);
  return {};
}

result<void> check_account(const account& config) {
  const auto ready = relay::prepare_account(config);
  if (!ready) return with_named_field(ready.error());
  return check_fields(account_fields(), config);
}

}  // namespace baton::admin
