#include "admin/account_rule_fields.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "relay/account_text.hpp"

namespace baton::admin {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using relay::account;
using relay::account_timeouts;
using relay::account_type;
using relay::daily_quota;
using relay::disconnect_policy;

constexpr std::uint64_t quota_tokens_max = 1'000'000'000'000;
constexpr std::uint32_t quota_usd_max = 1'000'000;
constexpr std::int64_t timeout_max_ms = 24 * 3600 * 1000;
constexpr std::int64_t cooldown_max_seconds = 7 * 24 * 3600;
constexpr std::size_t groups_max = 64;

value_kind<account_type> type_of_account() {
  return kept_as<account_type>(
      one_of({"shared", "dedicated", "group"}),
      [](const std::string& text) { return relay::parse_account_type(text).value(); },
      [](account_type type) { return std::string(relay::to_string(type)); });
}

// One group, as v1 has it: an alias of groupIds that is not shown.
field<account> group_field() {
  auto made = writable<account>("groupId", "The only group it belongs to, instead of groupIds",
                                &account::groups, list_of(id_of<group_id>(), groups_max));
  const auto kind = or_null(id_of<group_id>());
  made.schema = kind.schema;
  made.show = nullptr;
  made.read = [read = kind.read](account& config, const json& value,
                                 const std::string& path) -> result<void> {
    const auto group = read(value, path);
    if (!group) return group.error();
    config.groups.clear();
    if (*group) config.groups.push_back(**group);
    return {};
  };
  return made;
}

const field_table<daily_quota>& quota_fields() {
  static const field_table<daily_quota> all = {
      writable<daily_quota>("tokens", "Tokens; 0: no quota", &daily_quota::tokens,
                            whole_number<std::uint64_t>(0, quota_tokens_max)),
      writable<daily_quota>("usd", "US dollars; 0: no quota", &daily_quota::cost_nanousd,
                            usd(quota_usd_max)),
  };
  return all;
}

// v1 has a number of dollars.
result<void> read_quota(account& config, const json& value, const std::string& path) {
  if (value.is_object()) {
    return read_fields(quota_fields(), value, config.quota, read_mode::update, path + '.');
  }
  if (!value.is_number()) {
    return field_error(path, "must be {tokens, usd}, or a number of US dollars");
  }
  const auto cost = usd(quota_usd_max).read(value, path);
  if (!cost) return cost.error();
  config.quota.cost_nanousd = *cost;
  return {};
}

field<account> quota_field() {
  field<account> made;
  made.name = "dailyQuota";
  made.about = "What it may use in a day; a number stands for US dollars";
  made.schema = {{"oneOf", {schema_of(quota_fields()), usd(quota_usd_max).schema}}};
  made.read = &read_quota;
  made.show = [](const account& config) { return show_fields(quota_fields(), config.quota); };
  return made;
}

value_kind<disconnect_policy> policy() {
  return {{{"type", "string"}, {"pattern", "^(cancel|drain|drain:[1-9][0-9]{0,3}s?)$"}},
          [](const json& value, const std::string& path) -> result<disconnect_policy> {
            const auto parsed =
                value.is_string()
                    ? relay::parse_disconnect_policy(value.get_ref<const std::string&>())
                    : std::nullopt;
            if (!parsed) return field_error(path, "must be cancel, drain or drain:SECONDS");
            return *parsed;
          },
          [](const disconnect_policy& value) { return ordered_json(relay::to_string(value)); }};
}

value_kind<account_timeouts> timeouts() {
  text_list names;
  for (const auto& each : relay::timeout_fields) names.emplace_back(each.json_name);
  using lengths = map_by_name<std::chrono::milliseconds>;
  return kept_as<account_timeouts>(
      map_of(one_of(names), duration_of<std::chrono::milliseconds>(1, timeout_max_ms),
             names.size()),
      [](const lengths& sent) {
        account_timeouts kept;
        for (const auto& each : relay::timeout_fields) {
          const auto length = sent.find(each.json_name);
          if (length != sent.end()) kept.*each.value = length->second;
        }
        return kept;
      },
      [](const account_timeouts& kept) {
        lengths shown;
        for (const auto& each : relay::timeout_fields) {
          if (kept.*each.value) shown[std::string(each.json_name)] = *(kept.*each.value);
        }
        return shown;
      });
}

value_kind<map_by_name<std::chrono::seconds>> cooldowns() {
  text_list kinds;
  for (const auto each : relay::cooldown_kinds) kinds.emplace_back(to_string(each));
  return map_of(one_of(kinds), duration_of<std::chrono::seconds>(0, cooldown_max_seconds),
                kinds.size());
}

}  // namespace

field_table<account> account_rule_fields() {
  return {
      writable<account>("accountType",
                        "shared: it serves every key that is not bound elsewhere; dedicated: keys "
                        "bound to it; group: keys bound to one of its groups",
                        &account::type, type_of_account()),
      writable<account>("groupIds", "The groups it belongs to", &account::groups,
                        list_of(id_of<group_id>(), groups_max)),
      group_field(),
      quota_field(),
      writable<account>("disconnectPolicy",
                        "When a client leaves: cancel the answer, or drain it to count its usage, "
                        "drain:30 for 30 seconds at most",
                        &account::on_disconnect, policy()),
      writable<account>("timeouts", "Where it differs from the configuration, in milliseconds",
                        &account::timeouts, timeouts()),
      writable<account>("cooldowns",
                        "Seconds to keep away after a failure, where that differs from the usual",
                        &account::cooldowns, cooldowns()),
  };
}

}  // namespace baton::admin
