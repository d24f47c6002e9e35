#include "net/local_routes.hpp"

#include <nlohmann/json.hpp>

#include "base/version.hpp"
#include "net/own_answer.hpp"
#include "relay/key_views.hpp"

namespace baton::net {
namespace {

using nlohmann::json;

constexpr std::string_view json_type = "application/json";

task<void> answer_health(exchange& ex) {
  const json body = {{"status", "healthy"}, {"service", "baton"}, {"version", version()}};
  co_await send_answer(ex, 200, json_type, body.dump());
}

task<void> answer_readiness(exchange& ex) {
  const auto ready = co_await ex.port.readiness();
  const json body = ready ? json{{"status", "ready"}}
                          : json{{"status", "not_ready"}, {"reason", ready.error().text}};
  co_await send_answer(ex, ready ? 200 : 503, json_type, body.dump());
}

task<void> answer_metrics(exchange& ex) {
  const auto text = ex.worker.metrics.text();
  co_await send_answer(ex, 200, "text/plain; version=0.0.4; charset=utf-8", text);
}

task<void> answer_own_usage(exchange& ex) {
  const auto& key = *ex.record.key;
  const auto now = wall_now();
  storage::usage_query total;
  total.key = key.id;
  total.by_model = true;
  auto today = total;
  today.granularity = storage::period::day;
  today.from = std::chrono::floor<std::chrono::days>(now);
  auto month = total;
  month.granularity = storage::period::month;
  month.from = relay::month_start(now);

  relay::usage_report report;
  for (auto [query, rows] : {std::pair{&total, &report.total}, std::pair{&today, &report.today},
                             std::pair{&month, &report.month}}) {
    auto found = co_await ex.port.usage(*query);
    if (!found) co_return co_await send_error(ex, found.error());
    for (auto& sum : *found) rows->push_back({sum.model, sum.requests, sum.tokens});
  }
  co_await send_answer(ex, 200, json_type, relay::usage_body(key, report));
}

}  // namespace

bool needs_key(relay::operation op) {
  switch (op) {
    case relay::operation::event_logging:
    case relay::operation::health:
    case relay::operation::ready:
    case relay::operation::metrics:
      return false;
    default:
      return true;
  }
}

task<void> answer_locally(exchange& ex, relay::operation op) {
  switch (op) {
    case relay::operation::health:
      co_return co_await answer_health(ex);
    case relay::operation::ready:
      co_return co_await answer_readiness(ex);
    case relay::operation::metrics:
      co_return co_await answer_metrics(ex);
    case relay::operation::event_logging:
      co_return co_await send_answer(ex, 200, json_type, R"({"success":true})");
    case relay::operation::own_usage:
      co_return co_await answer_own_usage(ex);
    case relay::operation::own_key_info:
      co_return co_await send_answer(ex, 200, json_type, relay::key_info_body(*ex.record.key));
    default:
      co_return co_await send_error(
          ex, internal_error(error_code::internal, "The route is not answered here."));
  }
}

}  // namespace baton::net
