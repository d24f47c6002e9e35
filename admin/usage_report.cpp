#include "admin/usage_report.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "admin/shown_names.hpp"
#include "relay/platform.hpp"

namespace baton::admin {
namespace {

error about(std::string_view parameter, const error& failure) {
  return downstream_error(failure.code, std::string(parameter) + ": " + failure.text);
}

// A revoked key is found by its id or, where no other has it, by its name: its usage stays.
result<key_id> find_key(const std::string& which, const std::vector<relay::api_key>& keys,
                        storage::store& store) {
  if (const auto key = store.find_key(which)) return key->id;
  const auto named = [&](const relay::api_key& key) { return key.name == which; };
  const auto first = std::find_if(keys.begin(), keys.end(), named);
  if (first != keys.end() && std::none_of(std::next(first), keys.end(), named)) return first->id;
  return about("key", store.find_key(which).error());
}

result<void> add_names(const relay::stats_query& asked, const std::vector<relay::api_key>& keys,
                       storage::store& store, storage::usage_query& query) {
  for (const auto& which : asked.keys) {
    auto key = find_key(which, keys, store);
    if (!key) return key.error();
    query.keys.push_back(*std::move(key));
  }
  for (const auto& which : asked.accounts) {
    const auto account = store.find_account(which);
    if (!account) return about("account", account.error());
    query.accounts.push_back(account->id);
  }
  for (const auto& name : asked.platforms) {
    if (relay::find_platform(name) != nullptr) continue;
    std::string allowed;
    for (const auto* each : relay::platforms()) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(each->id());
    }
    return downstream_error(error_code::invalid_argument,
                            "platform: there is no platform '" + name + "'; allowed: " + allowed);
  }
  query.models = asked.models;
  query.platforms = asked.platforms;
  return {};
}

result<void> narrow_to_tags(const std::vector<std::string>& tags,
                            const std::vector<relay::api_key>& all, std::vector<key_id>& keys) {
  if (tags.empty()) return {};
  std::vector<key_id> tagged;
  for (const auto& key : all) {
    const bool has_one = std::any_of(tags.begin(), tags.end(), [&](const auto& tag) {
      return std::find(key.tags.begin(), key.tags.end(), tag) != key.tags.end();
    });
    const bool asked = keys.empty() || std::find(keys.begin(), keys.end(), key.id) != keys.end();
    if (has_one && asked) tagged.push_back(key.id);
  }
  if (tagged.empty()) {
    return downstream_error(error_code::not_found, "tag: no key has the tag '" + tags.front() +
                                                       "' (see 'baton key list')");
  }
  keys = std::move(tagged);
  return {};
}

std::function<std::vector<std::string>(const std::string&)> tags_in(
    const std::vector<relay::api_key>& keys) {
  std::map<std::string, std::vector<std::string>> tags;
  for (const auto& key : keys) tags[key.id.value()] = key.tags;
  return [tags = std::move(tags)](const std::string& id) {
    const auto found = tags.find(id);
    return found == tags.end() ? std::vector<std::string>() : found->second;
  };
}

// How many groups the store picks. Without periods the largest come first, whether all are asked
// for or some; tags are picked from the sums of all keys.
std::size_t top_of(const relay::stats_query& asked) {
  if (asked.by_tag) return 0;
  const bool ranked = asked.granularity == relay::usage_period::all && asked.top == 0;
  return ranked ? std::numeric_limits<std::size_t>::max() : asked.top;
}

}  // namespace

result<storage::usage_query> usage_filter(const relay::stats_query& asked,
                                          const std::vector<relay::api_key>& keys,
                                          storage::store& store) {
  storage::usage_query query;
  query.from = asked.from;
  query.to = asked.to;
  if (auto done = add_names(asked, keys, store, query); !done) return done.error();
  if (auto done = narrow_to_tags(asked.tags, keys, query.keys); !done) return done.error();
  return query;
}

result<relay::usage_report> usage_report(const relay::stats_query& asked, storage::store& store) {
  const auto keys = store.keys(true);
  if (!keys) return keys.error();
  const auto accounts = store.accounts();
  if (!accounts) return accounts.error();
  auto query = usage_filter(asked, *keys, store);
  if (!query) return query.error();
  if (query->from) query->from = std::chrono::floor<std::chrono::hours>(*query->from);
  if (query->to) query->to = std::chrono::ceil<std::chrono::hours>(*query->to);
  query->granularity = asked.granularity;
  query->group = asked.group_by;
  query->top = top_of(asked);
  query->with_rest = true;
  const auto sums = store.usage(*query);
  if (!sums) return sums.error();

  const auto group = asked.by_tag ? std::string("tag") : std::string(to_string(asked.group_by));
  relay::usage_report report{query->from, query->to, asked.granularity, group, {}, {}};
  const shown_names known(*keys, *accounts);
  for (const auto& sum : *sums) {
    const auto name = sum.is_rest ? std::string() : known.of(query->group, sum.group);
    report.entries.push_back({sum.start, sum.group, name, sum.is_rest, sum});
  }
  report.total = relay::total_of(report.entries);
  if (asked.by_tag) report.entries = relay::by_tag(report.entries, asked.top, tags_in(*keys));
  return report;
}

}  // namespace baton::admin
