// Usage, cost and single requests.
#include <algorithm>
#include <utility>

#include "admin/list_query.hpp"
#include "admin/record_view.hpp"
#include "admin/route.hpp"
#include "admin/usage_report.hpp"
#include "relay/stats_query.hpp"
#include "relay/stats_views.hpp"

namespace baton::admin {
namespace {

using views = ordered_json (*)(const relay::usage_report&, relay::page_request);

// What ended before the call is in its sums.
const errand* missing(const call& made) {
  static const errand flush = flush_usage{};
  return made.found.flushed ? nullptr : &flush;
}

result<relay::stats_query> query_of(const call& made) {
  if (made.found.flushed->has_error()) return made.found.flushed->error();
  return relay::parse_stats_query(made.asked.query, made.now.wall);
}

outcome show(call& made, views view) {
  if (const auto* const first = missing(made)) return *first;
  const auto query = query_of(made);
  if (!query) return query.error();
  const auto report = usage_report(*query, made.at.store);
  if (!report) return report.error();
  return json_answer(view(*report, {query->page, query->page_size}));
}

outcome show_usage(call& made) {
  return show(made, &relay::usage_json);
}

outcome show_cost(call& made) {
  return show(made, &relay::cost_json);
}

constexpr std::string_view key_parameters[] = {"from", "to", "granularity"};

// One key, over time and by model.
outcome show_key(call& made) {
  const auto given = query_parameters::read(made.asked.query, key_parameters);
  if (!given) return given.error();
  if (const auto* const first = missing(made)) return *first;
  auto query = query_of(made);
  if (!query) return query.error();
  const auto key = made.at.store.find_key(made.parameters.at(0));
  if (!key) return key.error();
  query->keys = {key->id.value()};
  query->group_by = relay::usage_group::none;
  const auto periods = usage_report(*query, made.at.store);
  if (!periods) return periods.error();
  query->granularity = relay::usage_period::all;
  query->group_by = relay::usage_group::model;
  const auto models = usage_report(*query, made.at.store);
  if (!models) return models.error();
  return json_answer(relay::key_stats_json(key->id.value(), key->name, *periods, *models));
}

outcome list_requests(call& made) {
  if (const auto* const first = missing(made)) return *first;
  if (made.found.flushed->has_error()) return made.found.flushed->error();
  const auto page = read_record_query(made.asked.query, made.now.wall);
  if (!page) return page.error();
  const auto keys = made.at.store.keys(true);
  if (!keys) return keys.error();
  auto filter = usage_filter(page->filter, *keys, made.at.store);
  if (!filter) return filter.error();
  const auto found = made.at.ledger.page({.keys = std::move(filter->keys),
                                          .accounts = std::move(filter->accounts),
                                          .models = std::move(filter->models),
                                          .platforms = std::move(filter->platforms),
                                          .from = filter->from,
                                          .to = filter->to,
                                          .before = page->before,
                                          .limit = page->limit});
  if (!found) return found.error();
  return json_answer(records_json(*found));
}

constexpr std::string_view usage_parameters[] = {"from", "to",      "granularity", "groupBy",
                                                 "key",  "account", "model",       "platform",
                                                 "tag",  "top",     "page",        "pageSize"};
constexpr std::string_view record_parameters[] = {"from",     "to",  "key",   "account", "model",
                                                  "platform", "tag", "limit", "before"};

constexpr route rows[] = {
    {.method = "GET",
     .path = "/api/v2/stats/usage",
     .serve = &show_usage,
     .summary = "Requests, tokens and cost by time and by key, account, model, platform or tag",
     .answer_schema = "UsageReport",
     .query = usage_parameters},
    {.method = "GET",
     .path = "/api/v2/stats/cost",
     .serve = &show_cost,
     .summary = "Cost by time and by key, account, model, platform or tag",
     .answer_schema = "CostReport",
     .query = usage_parameters},
    {.method = "GET",
     .path = "/api/v2/stats/keys/{id}",
     .serve = &show_key,
     .summary = "Usage of one key, over time and by model",
     .answer_schema = "KeyStats",
     .query = key_parameters},
    {.method = "GET",
     .path = "/api/v2/keys/{id}/stats",
     .serve = &show_key,
     .summary = "Usage of one key, over time and by model",
     .answer_schema = "KeyStats",
     .query = key_parameters},
    {.method = "GET",
     .path = "/api/v2/stats/requests",
     .serve = &list_requests,
     .summary = "Single requests, the newest first",
     .answer_schema = "RequestPage",
     .query = record_parameters},
};

}  // namespace

std::span<const route> stats_routes() {
  return rows;
}

}  // namespace baton::admin
