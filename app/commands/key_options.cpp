#include "app/commands/key_options.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <utility>

#include "app/setting_rules.hpp"
#include "base/text.hpp"
#include "base/timestamps.hpp"

namespace baton::app {
namespace {

error unusable(std::string text) {
  return downstream_error(error_code::invalid_argument, std::move(text));
}

// "a,b"; `none` removes the list.
void apply_list(const std::optional<std::string>& given, std::string_view none,
                std::vector<std::string>& list) {
  if (!given) return;
  list = text::iequals(*given, none) ? std::vector<std::string>() : text::split(*given, ',');
}

// The same, of words whose case does not matter.
void apply_words(const std::optional<std::string>& given, std::string_view none,
                 std::vector<std::string>& list) {
  if (given) apply_list(text::to_lower(*given), none, list);
}

// A length of time with its unit; nothing if it is none, or nothing at all.
std::optional<std::chrono::milliseconds> parse_life(const std::string& text) {
  const auto duration = parse_duration(text);
  const bool has_unit = text.find_first_not_of("0123456789. ") != std::string::npos;
  if (!duration || !has_unit || duration->count() == 0) return std::nullopt;
  return duration;
}

// v1 has hours and days of it.
result<void> apply_life_from_first_use(const std::string& given, relay::api_key& key) {
  constexpr std::chrono::hours life_max{24 * 36'500};
  const auto life = parse_life(given);
  if (!life || *life > life_max || *life % std::chrono::hours(1) != std::chrono::hours(0)) {
    return unusable("--expires-after-first-use: '" + given +
                    "' cannot be used; allowed: whole hours or days up to 36500d, such as 30d");
  }
  key.activation = std::chrono::duration_cast<std::chrono::seconds>(*life);
  key.expires_at.reset();
  if (key.activated_at) key.expires_at = *key.activated_at + key.activation;
  return {};
}

result<void> apply_expiry(const key_options& options, wall_time now, relay::api_key& key) {
  if (options.expires_after_first_use) {
    return apply_life_from_first_use(*options.expires_after_first_use, key);
  }
  if (options.expires_at || options.expires_in) key.activation = {};
  if (options.expires_at && text::iequals(*options.expires_at, "never")) {
    key.expires_at.reset();
  } else if (options.expires_at) {
    key.expires_at = parse_timestamp(*options.expires_at);
    if (!key.expires_at) {
      return unusable("--expires-at: '" + *options.expires_at +
                      "' cannot be used; allowed: 2026-12-31, 2026-12-31T18:00:00+08:00, never");
    }
  }
  if (!options.expires_in) return {};
  const auto duration = parse_life(*options.expires_in);
  if (!duration) {
    return unusable("--expires-in: '" + *options.expires_in +
                    "' cannot be used; allowed: a number with m, h or d, such as 30d");
  }
  key.expires_at = now + *duration;
  return {};
}

void unbind(relay::api_key& key) {
  key.bound_account.reset();
  key.bound_group.reset();
}

result<void> bind_to_account(const std::string& which, storage::store& store, relay::api_key& key) {
  const auto account = store.find_account(which);
  if (!account) return downstream_error(account.error().code, "--account: " + account.error().text);
  unbind(key);
  key.bound_account = account->id;
  return {};
}

result<void> bind_to_group(const std::string& which, storage::store& store, relay::api_key& key) {
  const auto group = store.find_group(which);
  if (!group) return downstream_error(group.error().code, "--group: " + group.error().text);
  unbind(key);
  key.bound_group = group->id;
  return {};
}

result<void> apply_binding(const key_options& options, storage::store& store, relay::api_key& key) {
  if (options.binding_fallback) {
    key.binding_fallback = parse_boolean(*options.binding_fallback).value();
  }
  const auto& given = options.account ? options.account : options.group;
  if (!given) return {};
  if (text::iequals(*given, "any")) {
    unbind(key);
    return {};
  }
  return options.account ? bind_to_account(*given, store, key) : bind_to_group(*given, store, key);
}

void apply_limits(const key_options& options, relay::key_limits& limits) {
  if (options.concurrency) limits.concurrency = *options.concurrency;
  if (options.queue) limits.queue = *options.queue;
  if (options.rate_window_minutes) limits.window_minutes = *options.rate_window_minutes;
  if (options.rate_requests) limits.window_requests = *options.rate_requests;
  if (options.rate_tokens) limits.window_tokens = *options.rate_tokens;
}

// What sets each field. Nothing else that is said of keys has one of these names in it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 19> options_of_fields = {{
    {"name", "--name"},
    {"description", "--description"},
    {"permissions", "--permissions"},
    {"accountId", "--account"},
    {"groupId", "--group"},
    {"allowedModels", "--allowed-models"},
    {"restrictedModels", "--restricted-models"},
    {"allowedClients", "--allowed-clients"},
    {"tags", "--tags"},
    {"concurrencyLimit", "--concurrency"},
    {"concurrentRequestQueue", "--queue"},
    {"rateLimitWindow", "--rate-window-minutes"},
    {"rateLimitRequests", "--rate-requests"},
    {"tokenLimit", "--rate-tokens"},
    {"rateLimitCost", "--rate-cost"},
    {"dailyCostLimit", "--daily-cost"},
    {"totalCostLimit", "--total-cost"},
    {"weeklyOpusCostLimit", "--weekly-claude-cost"},
    {"serviceRates", "--service-rates"},
}};

void add_binding_options(CLI::App& command, key_options& options) {
  auto* const account =
      command.add_option("--account", options.account, "The only account that serves it, or any")
          ->type_name("ID");
  command.add_option("--group", options.group, "The only group whose accounts serve it, or any")
      ->excludes(account)
      ->type_name("NAME");
  command
      .add_option("--binding-fallback", options.binding_fallback,
                  "true: where that account or group cannot serve it, shared accounts do "
                  "(default: false)")
      ->check(CLI::IsMember({"true", "false"}))
      ->type_name("BOOL");
}

void add_limit_options(CLI::App& command, key_options& options) {
  command.add_option("--concurrency", options.concurrency, "Requests at once; 0 means no limit")
      ->type_name("N");
  command
      .add_option("--queue", options.queue,
                  "Requests that may wait for one of --concurrency; 0: refused at once (default)")
      ->check(CLI::Range(0u, 10'000u))
      ->type_name("N");
  command
      .add_option("--queue-priority", options.queue_priority,
                  "1 to 100; where requests wait, smaller goes first (default: 50)")
      ->check(CLI::Range(1, 100))
      ->type_name("P");
  command
      .add_option("--rate-window-minutes", options.rate_window_minutes,
                  "Length of the window that the other --rate-… count in")
      ->check(CLI::Range(0u, 525'600u))
      ->type_name("N");
  // CLI11 would take -1 for the largest number.
  command.add_option("--rate-requests", options.rate_requests, "Requests in a window; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command.add_option("--rate-tokens", options.rate_tokens, "Tokens in a window; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
}

void add_expiry_options(CLI::App& command, key_options& options) {
  auto* const expires_at = command
                               .add_option("--expires-at", options.expires_at,
                                           "2026-12-31[T18:00[:00][Z|+08:00]] or never")
                               ->type_name("TIME");
  auto* const expires_in =
      command.add_option("--expires-in", options.expires_in, "30d, 12h, 90m from now")
          ->excludes(expires_at)
          ->type_name("TIME");
  command
      .add_option("--expires-after-first-use", options.expires_after_first_use,
                  "30d, 12h from its first use")
      ->excludes(expires_at)
      ->excludes(expires_in)
      ->type_name("TIME");
}

}  // namespace

void add_key_options(CLI::App& command, key_options& options) {
  command.add_option("--name", options.name, "Name, for you")->type_name("N");
  command.add_option("--description", options.description, "What it is for")->type_name("TEXT");
  command
      .add_option("--permissions", options.permissions,
                  "Services it may use: claude,openai,gemini,droid or all (default)")
      ->type_name("LIST");
  add_binding_options(command, options);
  command
      .add_option("--allowed-models", options.allowed_models,
                  "The only models it may use: a,b or all (default)")
      ->type_name("LIST");
  command
      .add_option("--restricted-models", options.restricted_models,
                  "Models it may not use: a,b or none (default)")
      ->type_name("LIST");
  command
      .add_option("--allowed-clients", options.allowed_clients,
                  "The only programs that may use it: claude_code,gemini_cli,codex_cli,droid_cli "
                  "or all (default)")
      ->type_name("LIST");
  add_limit_options(command, options);
  add_key_cost_options(command, options.costs);
  add_expiry_options(command, options);
  command.add_option("--tags", options.tags, "Words to find it by: a,b or none")->type_name("LIST");
  command.add_flag("--inactive", options.inactive, "Switch it off");
}

result<void> apply(const key_options& options, wall_time now, storage::store& store,
                   relay::api_key& key) {
  if (options.name) key.name = text::trim(*options.name);
  if (options.description) key.description = *options.description;
  if (options.queue_priority) key.queue_priority = *options.queue_priority;
  if (options.active) key.is_active = true;
  if (options.inactive) key.is_active = false;
  apply_words(options.permissions, "all", key.permissions);
  apply_list(options.allowed_models, "all", key.allowed_models);
  apply_list(options.restricted_models, "none", key.restricted_models);
  apply_words(options.allowed_clients, "all", key.allowed_clients);
  apply_list(options.tags, "none", key.tags);
  apply_limits(options, key.limits);
  if (auto done = apply(options.costs, key); !done) return done;
  if (auto done = apply_expiry(options, now, key); !done) return done;
  return apply_binding(options, store, key);
}

error about_option(error failure) {
  if (failure.code != error_code::invalid_argument) return failure;
  for (const auto& [field, option] : options_of_fields) {
    const auto at = failure.text.find(field);
    if (at != std::string::npos) failure.text.replace(at, field.size(), option);
  }
  return failure;
}

}  // namespace baton::app
