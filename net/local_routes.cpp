#include "net/local_routes.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/version.hpp"
#include "net/client_origin.hpp"
#include "net/own_answer.hpp"
#include "net/own_usage_routes.hpp"
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
  if (!may_administrate(ex)) {
    co_return co_await send_error(
        ex, downstream_error(error_code::permission_denied,
                             "The metrics cannot be read from this address."));
  }
  const auto text = ex.worker.metrics.text();
  co_await send_answer(ex, 200, "text/plain; version=0.0.4; charset=utf-8", text);
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
    case relay::operation::stats_key_id:
    case relay::operation::stats_of_key:
    case relay::operation::stats_of_models:
    case relay::operation::stats_of_keys:
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
    case relay::operation::own_key_info: co_return co_await answer_own_key_info(ex);
    case relay::operation::stats_key_id: co_return co_await answer_key_id(ex);
    case relay::operation::stats_of_key: co_return co_await answer_user_stats(ex);
    case relay::operation::stats_of_models: co_return co_await answer_user_model_stats(ex);
    case relay::operation::stats_of_keys: co_return co_await answer_batch_stats(ex);
    default:
      co_return co_await send_error(
          ex, internal_error(error_code::internal, "The route is not answered here."));
  }
}

}  // namespace baton::net
