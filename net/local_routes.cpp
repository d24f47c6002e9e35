#include "net/local_routes.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/version.hpp"
#include "net/own_answer.hpp"
#include "relay/key_views.hpp"
#include "relay/model_list.hpp"
#include "relay/path_parameter.hpp"

namespace baton::net {
namespace {

using nlohmann::json;

constexpr std::string_view json_type = "application/json";

task<void> answer_health(exchange& ex) {
  const json body = {{"status", "healthy"}, {"service", "baton"}, {"version", version()}};
  const auto text = body.dump();
  co_await send_answer(ex, 200, json_type, text);
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

task<result<std::vector<relay::model_usage>>> usage_since(exchange& ex, storage::period granularity,
                                                          std::optional<wall_time> from) {
  storage::usage_query query;
  query.key = ex.record.key->id;
  query.granularity = granularity;
  query.from = from;
  query.by_model = true;
  auto sums = co_await ex.port.usage(std::move(query));
  if (!sums) co_return sums.error();
  std::vector<relay::model_usage> rows;
  for (auto& sum : *sums) rows.push_back({std::move(sum.model), sum.requests, sum.tokens});
  co_return rows;
}

task<void> answer_own_usage(exchange& ex) {
  const auto now = wall_now();
  const wall_time today = std::chrono::floor<std::chrono::days>(now);
  auto of_all_time = co_await usage_since(ex, storage::period::all, std::nullopt);
  if (!of_all_time) co_return co_await send_error(ex, of_all_time.error());
  auto of_month = co_await usage_since(ex, storage::period::month, relay::month_start(now));
  if (!of_month) co_return co_await send_error(ex, of_month.error());
  auto of_today = co_await usage_since(ex, storage::period::day, today);
  if (!of_today) co_return co_await send_error(ex, of_today.error());
  const relay::usage_report report{std::move(*of_all_time), std::move(*of_month),
                                   std::move(*of_today)};
  const auto body = relay::usage_body(*ex.record.key, report);
  co_await send_answer(ex, 200, json_type, body);
}

task<void> answer_models(exchange& ex, const relay::route_match& match) {
  const auto& asked = *match.found;
  ex.protocol = &relay::model_list_api(asked, ex.head.fields, ex.head.query);
  const auto name = relay::read_path_parameter(match.parameter);
  if (!name) co_return co_await send_error(ex, name.error());
  const auto offer = co_await ex.port.models(ex.record.key);
  if (!offer) co_return co_await send_error(ex, offer.error());
  const relay::model_list models(asked, *ex.protocol, *offer, *ex.record.key,
                                 *ex.worker.view.prices);
  const auto body =
      asked.op == relay::operation::list_models ? models.body() : models.body_of(*name);
  if (body) co_return co_await send_answer(ex, 200, json_type, *body);
  co_await send_error(ex, downstream_error(error_code::not_found,
                                           "There is no model " + *name + " for this API key."));
}

// Codex tries a WebSocket first, and goes on over HTTP at once when it is told so.
task<void> refuse_websocket(exchange& ex) {
  if (!text::iequals(ex.head.fields.find("upgrade"), "websocket")) {
    co_return co_await send_error(
        ex, downstream_error(error_code::method_not_allowed, "This route takes POST only."),
        "allow: POST\r\n");
  }
  co_await send_error(ex,
                      downstream_error(error_code::upgrade_required,
                                       "There are no WebSockets here; send the request by POST."),
                      "upgrade: HTTP/1.1\r\n");
}

}  // namespace

bool needs_key(relay::operation op) {
  switch (op) {
    case relay::operation::websocket:
    case relay::operation::event_logging:
    case relay::operation::health:
    case relay::operation::ready:
    case relay::operation::metrics: return false;
    default: return true;
  }
}

task<void> answer_locally(exchange& ex, const relay::route_match& match) {
  switch (match.found->op) {
    case relay::operation::list_models:
    case relay::operation::show_model: co_return co_await answer_models(ex, match);
    case relay::operation::websocket: co_return co_await refuse_websocket(ex);
    case relay::operation::health: co_return co_await answer_health(ex);
    case relay::operation::ready: co_return co_await answer_readiness(ex);
    case relay::operation::metrics: co_return co_await answer_metrics(ex);
    case relay::operation::event_logging:
      co_return co_await send_answer(ex, 200, json_type, R"({"success":true})");
    case relay::operation::own_usage: co_return co_await answer_own_usage(ex);
    case relay::operation::own_key_info:
      co_return co_await send_answer(ex, 200, json_type, relay::key_info_body(*ex.record.key));
    default:
      co_return co_await send_error(
          ex, internal_error(error_code::internal, "The route is not answered here."));
  }
}

}  // namespace baton::net
