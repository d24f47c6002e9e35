#include "admin/record_view.hpp"

#include <utility>

#include "base/timestamps.hpp"
#include "relay/stats_views.hpp"

namespace baton::admin {
namespace {

relay::usage_counts counts_of(const storage::usage_record& record) {
  return {.requests = record.counted ? 1 : 0,
          .tokens = record.tokens,
          .cost_nanousd = record.cost_nanousd,
          .rated_nanousd = record.rated_nanousd,
          .fallback_requests = record.priced_by_fallback ? 1 : 0};
}

nlohmann::ordered_json optional_ms(const std::optional<std::chrono::microseconds>& time) {
  if (!time) return nullptr;
  return static_cast<double>(time->count()) / 1000;
}

nlohmann::ordered_json record_json(const storage::usage_record& record) {
  auto counts = relay::counts_json(counts_of(record));
  return {{"number", record.number},
          {"requestId", record.request_id},
          {"finishedAt", spell_timestamp(record.finished)},
          {"key", record.key.value()},
          {"account", record.account.value()},
          {"platform", record.platform},
          {"route", record.route},
          {"modelAsked", record.model_asked},
          {"model", record.model},
          {"tokens", counts["tokens"]},
          {"costUsd", counts["costUsd"]},
          {"ratedCostUsd", counts["ratedCostUsd"]},
          {"priceVersion", record.price_version},
          {"pricedByFallback", record.priced_by_fallback},
          {"usageEstimated", record.usage_estimated},
          {"stream", record.stream},
          {"counted", record.counted},
          {"status", record.status},
          {"outcome", record.outcome},
          {"error", record.error},
          {"attempts", record.attempts},
          {"durationMs", optional_ms(record.duration)},
          {"timeToFirstByteMs", optional_ms(record.time_to_first_byte)}};
}

}  // namespace

nlohmann::ordered_json records_json(const storage::ledger_page& page) {
  auto items = nlohmann::ordered_json::array();
  for (const auto& record : page.records) items.push_back(record_json(record));
  return {{"items", std::move(items)},
          {"next", page.next ? nlohmann::ordered_json(*page.next) : nullptr}};
}

}  // namespace baton::admin
