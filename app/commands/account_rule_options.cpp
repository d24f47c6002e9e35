#include "app/commands/account_rule_options.hpp"

#include <CLI/CLI.hpp>
#include <map>
#include <utility>

#include "app/commands/group_lookup.hpp"
#include "app/setting_rules.hpp"
#include "base/text.hpp"
#include "relay/account_text.hpp"
#include "relay/usd_text.hpp"

namespace baton::app {
namespace {

constexpr std::string_view none = "none";

using durations = std::map<std::string, std::chrono::milliseconds, std::less<>>;

error unusable(std::string_view option, std::string_view value, std::string_view allowed) {
  return downstream_error(error_code::invalid_argument,
                          std::string(option) + ": '" + std::string(value) +
                              "' cannot be used; allowed: " + std::string(allowed));
}

// "a=2s,b=500ms", each name once; "none" is an empty list.
result<durations> parse_durations(std::string_view option, const std::string& list,
                                  std::string_view allowed) {
  durations parsed;
  if (text::iequals(list, none)) return parsed;
  for (const auto& entry : text::split(list, ',')) {
    const auto equals = entry.find('=');
    if (equals == std::string::npos) return unusable(option, entry, allowed);
    const auto length = parse_duration(entry.substr(equals + 1));
    const std::string name(text::trim(entry.substr(0, equals)));
    if (!length || !parsed.emplace(name, *length).second) return unusable(option, entry, allowed);
  }
  if (parsed.empty()) return unusable(option, list, allowed);
  return parsed;
}

result<void> apply_timeouts(const std::string& list, relay::account_timeouts& timeouts) {
  const auto allowed =
      "none, or a list such as connect=2s,first_event=30s of: " + relay::timeout_names();
  const auto parsed = parse_durations("--timeouts", list, allowed);
  if (!parsed) return parsed.error();
  timeouts = {};
  for (const auto& [name, length] : *parsed) {
    const auto* const field = relay::find_timeout_field(name);
    if (field == nullptr) return unusable("--timeouts", name, allowed);
    timeouts.*field->value = length;
  }
  return {};
}

result<void> apply_cooldowns(const std::string& list, relay::account& account) {
  const auto allowed =
      "none, or a list such as rate_limited=30s,server_error=0s, in whole "
      "seconds, of: " +
      relay::cooldown_names();
  const auto parsed = parse_durations("--cooldowns", list, allowed);
  if (!parsed) return parsed.error();
  account.cooldowns.clear();
  for (const auto& [kind, length] : *parsed) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(length);
    if (!relay::may_have_cooldown(kind)) return unusable("--cooldowns", kind, allowed);
    if (seconds != length)
      return unusable("--cooldowns", kind + "=" + spell_duration(length), allowed);
    account.cooldowns[kind] = seconds;
  }
  return {};
}

result<void> apply_quota(const account_rule_options& options, relay::daily_quota& quota) {
  if (options.quota_tokens) quota.tokens = *options.quota_tokens;
  if (!options.quota_usd) return {};
  const auto cost = relay::parse_usd(*options.quota_usd);
  if (!cost) {
    return unusable("--quota-usd", *options.quota_usd,
                    "dollars with up to nine decimals, such as 12.50");
  }
  quota.cost_nanousd = *cost;
  return {};
}

result<void> apply_disconnect_policy(const std::string& value, relay::disconnect_policy& policy) {
  const auto parsed = relay::parse_disconnect_policy(value);
  if (!parsed) return unusable("--on-disconnect", value, "cancel, drain, drain:30s");
  policy = *parsed;
  return {};
}

}  // namespace

bool account_rule_options::names_groups() const {
  return groups && !text::iequals(*groups, none);
}

void add_account_rule_options(CLI::App& command, account_rule_options& options) {
  command
      .add_option("--type", options.type,
                  "Whom it serves. shared: every key that is not bound elsewhere (default); "
                  "dedicated: keys bound to it; group: keys bound to one of its groups")
      ->check(CLI::IsMember({"shared", "dedicated", "group"}))
      ->type_name("TYPE");
  command
      .add_option("--groups", options.groups,
                  "The groups it belongs to, by name or id: a,b; none leaves them all")
      ->type_name("LIST");
  command
      .add_option("--quota-tokens", options.quota_tokens, "Tokens in a day; 0: no quota (default)")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command
      .add_option("--quota-usd", options.quota_usd,
                  "Dollars in a day, such as 12.50; 0: no quota (default)")
      ->type_name("USD");
  command
      .add_option("--on-disconnect", options.on_disconnect,
                  "When a client leaves: cancel the answer (default), or drain it to count its "
                  "usage, for a time at most: drain:30s")
      ->type_name("POLICY");
  command
      .add_option("--timeouts", options.timeouts,
                  "Where it differs from the configuration: connect=2s,first_event=30s; replaces "
                  "all it had; none removes them. Names: " +
                      relay::timeout_names())
      ->type_name("LIST");
  command
      .add_option("--cooldowns", options.cooldowns,
                  "How long to keep away after a failure: rate_limited=30s,server_error=0s; "
                  "replaces all it had; none removes them. Names: " +
                      relay::cooldown_names())
      ->type_name("LIST");
}

result<void> apply(const account_rule_options& options, relay::account& account) {
  // CLI11 has let known types through only.
  if (options.type) account.type = relay::parse_account_type(*options.type).value();
  if (auto done = apply_quota(options, account.quota); !done) return done;
  if (options.on_disconnect) {
    auto done = apply_disconnect_policy(*options.on_disconnect, account.on_disconnect);
    if (!done) return done;
  }
  if (options.timeouts) {
    if (auto done = apply_timeouts(*options.timeouts, account.timeouts); !done) return done;
  }
  if (!options.cooldowns) return {};
  return apply_cooldowns(*options.cooldowns, account);
}

result<void> apply_groups(const account_rule_options& options, storage::store& store,
                          relay::account& account) {
  if (!options.groups) return {};
  if (!options.names_groups()) {
    account.groups.clear();
    return {};
  }
  auto groups = find_groups(store, *options.groups);
  if (!groups) return downstream_error(groups.error().code, "--groups: " + groups.error().text);
  account.groups = *std::move(groups);
  return {};
}

}  // namespace baton::app
