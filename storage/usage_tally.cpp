#include "storage/usage_tally.hpp"

#include <utility>

namespace baton::storage {

void usage_tally::add(const usage_record_view& record) {
  if (!record.counted) return;
  const auto hour = std::chrono::floor<std::chrono::hours>(record.finished);
  auto& counted = row(record.key, record.account, record.platform, record.model, hour);
  counted.requests += 1;
  counted.tokens += record.tokens;
  counted.cost_nanousd += record.cost_nanousd;
  counted.rated_nanousd += record.rated_nanousd;
  counted.fallback_requests += record.priced_by_fallback ? 1 : 0;
}

void usage_tally::merge(const std::vector<usage_row>& rows) {
  for (const auto& each : rows) {
    auto& counted =
        row(each.key.value(), each.account.value(), each.platform, each.model, each.hour);
    counted.requests += each.requests;
    counted.tokens += each.tokens;
    counted.cost_nanousd += each.cost_nanousd;
    counted.rated_nanousd += each.rated_nanousd;
    counted.fallback_requests += each.fallback_requests;
  }
}

std::vector<usage_row> usage_tally::take() {
  std::vector<usage_row> taken;
  taken.reserve(rows_.size());
  for (auto& [name, counted] : rows_) taken.push_back(std::move(counted));
  rows_.clear();
  return taken;
}

usage_row& usage_tally::row(std::string_view key, std::string_view account,
                            std::string_view platform, std::string_view model, wall_time hour) {
  lookup_.clear();
  for (const auto part : {key, account, model}) lookup_.append(part).push_back('\0');
  lookup_ += std::to_string(hour.time_since_epoch().count());
  const auto [entry, is_new] = rows_.try_emplace(lookup_);
  if (is_new) {
    entry->second.key = key_id(std::string(key));
    entry->second.account = account_id(std::string(account));
    entry->second.platform = platform;
    entry->second.model = model;
    entry->second.hour = hour;
  }
  return entry->second;
}

}  // namespace baton::storage
