#include "app/commands/usage_filters.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "base/timestamps.hpp"
#include "relay/platform.hpp"

namespace baton::app {
namespace {

constexpr std::string_view default_from = "30d";

error unusable(std::string text) {
  return downstream_error(error_code::invalid_argument, std::move(text));
}

result<wall_time> moment(const char* option, std::string_view given, wall_time now) {
  if (const auto read = parse_moment(given, now)) return *read;
  return unusable(std::string(option) + ": '" + std::string(given) +
                  "' is no time; allowed: " + std::string(moment_forms));
}

result<void> apply_range(const usage_filters& filters, wall_time now, storage::usage_query& query) {
  if (filters.to) {
    const auto to = moment("--to", *filters.to, now);
    if (!to) return to.error();
    query.to = *to;
  }
  const bool is_default = !filters.from && !filters.to;
  if ((filters.from && *filters.from != "all") || is_default) {
    const auto from = moment("--from", filters.from.value_or(std::string(default_from)), now);
    if (!from) return from.error();
    query.from = *from;
  }
  if (query.from && query.to && *query.from >= *query.to) {
    return unusable("--from: must be before --to");
  }
  return {};
}

// "a,b". An empty list is no filter, and nobody who gives the option means that.
result<std::vector<std::string>> listed(const char* option,
                                        const std::optional<std::string>& list) {
  if (!list) return std::vector<std::string>();
  auto names = text::split(*list, ',');
  if (names.empty()) return unusable(std::string(option) + ": names nothing; allowed: a,b");
  return names;
}

result<void> apply_tags(const usage_filters& filters, const std::vector<relay::api_key>& all,
                        std::vector<key_id>& keys) {
  if (!filters.tag) return {};
  const auto tags = listed("--tag", filters.tag);
  if (!tags) return tags.error();
  std::vector<key_id> tagged;
  for (const auto& key : all) {
    const bool has_one = std::any_of(tags->begin(), tags->end(), [&](const auto& tag) {
      return std::find(key.tags.begin(), key.tags.end(), tag) != key.tags.end();
    });
    const bool asked = keys.empty() || std::find(keys.begin(), keys.end(), key.id) != keys.end();
    if (has_one && asked) tagged.push_back(key.id);
  }
  // An empty filter would let everything pass.
  if (tagged.empty()) {
    return downstream_error(error_code::not_found, "--tag: no key has the tag '" + *filters.tag +
                                                       "' (see 'baton key list')");
  }
  keys = std::move(tagged);
  return {};
}

result<void> check_platforms(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (relay::find_platform(name) != nullptr) continue;
    std::string allowed;
    for (const auto* each : relay::platforms()) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(each->id());
    }
    return unusable("--platform: there is no platform '" + name + "'; allowed: " + allowed);
  }
  return {};
}

result<void> apply_names(const usage_filters& filters, const std::vector<relay::api_key>& all,
                         storage::store& store, storage::usage_query& query) {
  const auto keys = listed("--key", filters.key);
  if (!keys) return keys.error();
  for (const auto& which : *keys) {
    const auto key = store.find_key(which);
    if (!key) return downstream_error(key.error().code, "--key: " + key.error().text);
    query.keys.push_back(key->id);
  }
  const auto accounts = listed("--account", filters.account);
  if (!accounts) return accounts.error();
  for (const auto& which : *accounts) {
    const auto account = store.find_account(which);
    if (!account) {
      return downstream_error(account.error().code, "--account: " + account.error().text);
    }
    query.accounts.push_back(account->id);
  }
  auto models = listed("--model", filters.model);
  if (!models) return models.error();
  query.models = *std::move(models);
  auto platforms = listed("--platform", filters.platform);
  if (!platforms) return platforms.error();
  query.platforms = *std::move(platforms);
  if (const auto known = check_platforms(query.platforms); !known) return known;
  return apply_tags(filters, all, query.keys);
}

}  // namespace

void add_filter_options(CLI::App& command, usage_filters& filters) {
  command
      .add_option("--from", filters.from,
                  "From this time on (default: 30d): 2026-11-01, 2026-11-01T18:00, today, "
                  "yesterday, this-month, last-month, 12h or 7d (ago), all")
      ->type_name("T");
  command.add_option("--to", filters.to, "Up to this time, which is not included; as --from")
      ->type_name("T");
  command.add_option("--key", filters.key, "Only these keys: a,b by name or id")->type_name("K");
  command.add_option("--account", filters.account, "Only these accounts: a,b by name or id")
      ->type_name("A");
  command.add_option("--model", filters.model, "Only these models: a,b")->type_name("M");
  command.add_option("--platform", filters.platform, "Only these platforms: a,b")->type_name("P");
  command.add_option("--tag", filters.tag, "Only keys with one of these tags: a,b")->type_name("T");
}

result<void> apply(const usage_filters& filters, wall_time now,
                   const std::vector<relay::api_key>& keys, storage::store& store,
                   storage::usage_query& query) {
  if (auto done = apply_range(filters, now, query); !done) return done;
  return apply_names(filters, keys, store, query);
}

}  // namespace baton::app
