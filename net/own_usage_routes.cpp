#include "net/own_usage_routes.hpp"

#include <map>
#include <utility>

#include "net/own_answer.hpp"
#include "relay/api.hpp"
#include "relay/api_stats_request.hpp"
#include "relay/api_stats_views.hpp"
#include "relay/cost_period.hpp"
#include "relay/model_family.hpp"

namespace baton::net {
namespace {

constexpr std::size_t recent_requests_max = 20;  // as v1 shows

constexpr std::string_view json_type = "application/json";

using key_list = std::vector<relay::api_key_ptr>;

// From when on a sum of this name counts: the month, the day, as those of the limits, or
// everything.
std::optional<wall_time> begin_of(const exchange& ex, relay::usage_period period) {
  const auto offset = ex.worker.settings.utc_offset;
  const auto now = wall_now() + offset;
  if (period == relay::usage_period::month) return relay::month_start(now) - offset;
  if (period == relay::usage_period::day) {
    return wall_time(std::chrono::floor<std::chrono::days>(now)) - offset;
  }
  return std::nullopt;
}

task<result<std::vector<relay::model_usage>>> usage_by_model(exchange& ex, key_id key,
                                                             std::optional<wall_time> from) {
  storage::usage_query query;
  query.keys = {std::move(key)};
  query.from = from;
  query.group = storage::usage_group::model;
  auto sums = co_await ex.port.usage(std::move(query));
  if (!sums) co_return sums.error();
  std::vector<relay::model_usage> rows;
  for (auto& sum : *sums) rows.push_back({std::move(sum.group), sum});
  co_return rows;
}

task<result<relay::own_usage>> own_usage_of(exchange& ex) {
  const auto& id = ex.record.key->id;
  auto total = co_await usage_by_model(ex, id, std::nullopt);
  if (!total) co_return total.error();
  auto month = co_await usage_by_model(ex, id, begin_of(ex, relay::usage_period::month));
  if (!month) co_return month.error();
  auto today = co_await usage_by_model(ex, id, begin_of(ex, relay::usage_period::day));
  if (!today) co_return today.error();
  co_return relay::own_usage{std::move(*total), std::move(*month), std::move(*today)};
}

// `today`, `total`: what the key's requests cost.
task<result<relay::limits_use>> limits_use_of(exchange& ex, const relay::api_key& key,
                                              std::int64_t today_nanousd,
                                              std::int64_t total_nanousd) {
  relay::limits_use use;
  use.day_nanousd = today_nanousd;
  use.total_nanousd = total_nanousd;
  const auto week =
      relay::week_start_at(wall_now(), key.limits.week, ex.worker.settings.utc_offset);
  const auto models = co_await usage_by_model(ex, key.id, week);
  if (!models) co_return models.error();
  for (const auto& each : *models) {
    if (relay::is_claude_model(each.model)) use.week_claude_nanousd += each.counts.rated_nanousd;
  }
  const auto window = co_await ex.port.window_of(key.id);
  if (!window) co_return window.error();
  use.window = *window;
  use.now = wall_now();
  co_return use;
}

task<result<std::vector<relay::recent_request>>> recent_requests(exchange& ex) {
  storage::record_query query;
  query.keys = {ex.record.key->id};
  query.limit = recent_requests_max;
  auto page = co_await ex.port.recorded_requests(std::move(query));
  if (!page) co_return page.error();
  std::vector<relay::recent_request> found;
  for (auto& record : page->records) {
    found.push_back({.finished = record.finished,
                     .request_id = std::move(record.request_id),
                     .route = std::move(record.route),
                     .model = std::move(record.model),
                     .status = record.status,
                     .stream = record.stream,
                     .duration = record.duration,
                     .counts = {.requests = record.counted ? 1 : 0,
                                .tokens = record.tokens,
                                .cost_nanousd = record.cost_nanousd,
                                .rated_nanousd = record.rated_nanousd}});
  }
  co_return found;
}

using sums_by_key = std::map<std::string, relay::usage_counts>;

// `keys` has at least one, or the sums would be everybody's.
task<result<sums_by_key>> usage_by_key(exchange& ex, const key_list& keys,
                                       relay::usage_period period) {
  storage::usage_query query;
  for (const auto& key : keys) query.keys.push_back(key->id);
  query.from = begin_of(ex, period);
  query.group = storage::usage_group::key;
  const auto sums = co_await ex.port.usage(std::move(query));
  if (!sums) co_return sums.error();
  sums_by_key found;
  for (const auto& sum : *sums) found[sum.group] = sum;
  co_return found;
}

task<result<std::vector<relay::key_usage>>> usage_of(exchange& ex, const key_list& keys) {
  std::vector<relay::key_usage> found;
  if (keys.empty()) co_return found;
  auto total = co_await usage_by_key(ex, keys, relay::usage_period::all);
  if (!total) co_return total.error();
  auto month = co_await usage_by_key(ex, keys, relay::usage_period::month);
  if (!month) co_return month.error();
  auto today = co_await usage_by_key(ex, keys, relay::usage_period::day);
  if (!today) co_return today.error();
  for (const auto& key : keys) {
    const auto& id = key->id.value();
    found.push_back({key.get(), (*total)[id], (*month)[id], (*today)[id]});
  }
  co_return found;
}

// Errors: unauthenticated, with the words that a request with this key would be refused with.
result<relay::api_key_ptr> usable_key(const exchange& ex, std::string_view text) {
  const auto& settings = ex.worker.settings;
  auto key = ex.worker.view.keys->find(relay::hash_key_text(text, settings.encryption_key));
  if (!key) return downstream_error(error_code::unauthenticated, "API key not found");
  if (const auto usable = relay::check_usable(*key, wall_now()); !usable) return usable.error();
  return key;
}

// The key that the body names.
result<relay::api_key_ptr> key_in_body(const exchange& ex) {
  const auto text = relay::read_api_key(ex.body);
  return text ? usable_key(ex, *text) : text.error();
}

// In v1's shape, which its page understands.
task<void> refuse(exchange& ex, const error& failure) {
  ex.record.failure = failure.code;
  ex.record.how = relay::outcome::refused;
  const auto body = relay::api_stats_error_body(failure);
  co_await send_answer(ex, relay::error_status(failure.code), json_type, body);
}

std::int64_t rated_cost(const std::vector<relay::model_usage>& models) {
  std::int64_t sum = 0;
  for (const auto& each : models) sum += each.counts.rated_nanousd;
  return sum;
}

std::string_view v1_name(relay::usage_period period) {
  if (period == relay::usage_period::month) return "monthly";
  return period == relay::usage_period::day ? "daily" : "alltime";
}

}  // namespace

task<void> answer_own_usage(exchange& ex) {
  const auto usage = co_await own_usage_of(ex);
  if (!usage) co_return co_await send_error(ex, usage.error());
  const auto body = relay::usage_body(*ex.record.key, *usage);
  co_await send_answer(ex, 200, json_type, body);
}

task<void> answer_own_key_info(exchange& ex) {
  const auto usage = co_await own_usage_of(ex);
  if (!usage) co_return co_await send_error(ex, usage.error());
  const auto& key = *ex.record.key;
  const auto use =
      co_await limits_use_of(ex, key, rated_cost(usage->today), rated_cost(usage->total));
  if (!use) co_return co_await send_error(ex, use.error());
  const auto recent = co_await recent_requests(ex);
  if (!recent) co_return co_await send_error(ex, recent.error());
  const auto body = relay::key_info_body(key, *usage, *use, *recent);
  co_await send_answer(ex, 200, json_type, body);
}

task<void> answer_key_id(exchange& ex) {
  const auto key = key_in_body(ex);
  if (!key) co_return co_await refuse(ex, key.error());
  const auto body = relay::key_id_body(**key);
  co_await send_answer(ex, 200, json_type, body);
}

task<void> answer_user_stats(exchange& ex) {
  const auto key = key_in_body(ex);
  if (!key) co_return co_await refuse(ex, key.error());
  const key_list keys{*key};
  const auto usage = co_await usage_of(ex, keys);
  if (!usage) co_return co_await refuse(ex, usage.error());
  const auto& counted = usage->front();
  const auto use =
      co_await limits_use_of(ex, **key, counted.today.rated_nanousd, counted.total.rated_nanousd);
  if (!use) co_return co_await refuse(ex, use.error());
  const auto body = relay::user_stats_body(counted, *use);
  co_await send_answer(ex, 200, json_type, body);
}

task<void> answer_user_model_stats(exchange& ex) {
  const auto key = key_in_body(ex);
  if (!key) co_return co_await refuse(ex, key.error());
  const auto period = relay::read_stats_period(ex.body);
  if (!period) co_return co_await refuse(ex, period.error());
  const auto models = co_await usage_by_model(ex, (*key)->id, begin_of(ex, *period));
  if (!models) co_return co_await refuse(ex, models.error());
  const auto body = relay::user_model_stats_body(*models, v1_name(*period));
  co_await send_answer(ex, 200, json_type, body);
}

task<void> answer_batch_stats(exchange& ex) {
  const auto texts = relay::read_api_keys(ex.body);
  if (!texts) co_return co_await refuse(ex, texts.error());
  key_list keys;
  for (const auto& text : *texts) {
    if (auto key = usable_key(ex, text)) keys.push_back(*std::move(key));
  }
  const auto usage = co_await usage_of(ex, keys);
  if (!usage) co_return co_await refuse(ex, usage.error());
  const auto body = relay::batch_stats_body(*usage, texts->size() - keys.size());
  co_await send_answer(ex, 200, json_type, body);
}

}  // namespace baton::net
