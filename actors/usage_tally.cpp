#include "actors/usage_tally.hpp"

#include <utility>

namespace baton::actors {

void usage_tally::add(const relay::request_record& ended) {
  if (!ended.key || !ended.account || !ended.reached_upstream) return;
  if (!relay::is_billed(ended.route->op)) return;
  const auto& account = ended.account->config;
  const auto hour = std::chrono::floor<std::chrono::hours>(ended.finished);
  auto& counted = row(ended.key->id, account.id, account.platform, ended.model, hour);
  counted.requests += 1;
  counted.tokens += ended.usage;
  counted.cost_nanousd += ended.cost.nanousd;
  counted.rated_nanousd += ended.cost.rated_nanousd;
  counted.fallback_requests += ended.cost.by_fallback ? 1 : 0;
}

void usage_tally::merge(const std::vector<storage::usage_row>& rows) {
  for (const auto& each : rows) {
    auto& counted = row(each.key, each.account, each.platform, each.model, each.hour);
    counted.requests += each.requests;
    counted.tokens += each.tokens;
    counted.cost_nanousd += each.cost_nanousd;
    counted.rated_nanousd += each.rated_nanousd;
    counted.fallback_requests += each.fallback_requests;
  }
}

std::vector<storage::usage_row> usage_tally::take() {
  std::vector<storage::usage_row> taken;
  taken.reserve(rows_.size());
  for (auto& [name, counted] : rows_) taken.push_back(std::move(counted));
  rows_.clear();
  return taken;
}

storage::usage_row& usage_tally::row(const key_id& key, const account_id& account,
                                     const std::string& platform, const std::string& model,
                                     wall_time hour) {
  lookup_.clear();
  for (const std::string* part : {&key.value(), &account.value(), &model}) {
    lookup_.append(*part).push_back('\0');
  }
  lookup_ += std::to_string(hour.time_since_epoch().count());
  const auto [entry, is_new] = rows_.try_emplace(lookup_);
  if (is_new) {
    entry->second.key = key;
    entry->second.account = account;
    entry->second.platform = platform;
    entry->second.model = model;
    entry->second.hour = hour;
  }
  return entry->second;
}

}  // namespace baton::actors
