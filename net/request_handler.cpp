#include "net/request_handler.hpp"

#include <optional>

#include "admin/route.hpp"
#include "net/admin_call.hpp"
#include "net/local_routes.hpp"
#include "net/own_answer.hpp"
#include "net/relay_request.hpp"
#include "net/request_body.hpp"
#include "relay/client_credential.hpp"
#include "relay/client_kind.hpp"
#include "relay/route.hpp"

namespace baton::net {
namespace {

error bad_key(std::string text) {
  return downstream_error(error_code::unauthenticated, std::move(text));
}

// How soon a first use is told again that the directory does not show.
constexpr std::chrono::seconds retell_interval{1};

// A key's life may begin here: for this worker at once, for the others with the next directory.
result<void> note_first_use(exchange& ex, const relay::api_key& key) {
  const auto now = moment_now();
  const actors::first_use begun{now.wall, now.steady};
  auto& use = ex.worker.view.first_uses.try_emplace(key.hash, begun).first->second;
  if (use.when + key.activation <= now.wall) return bad_key("API key has expired");
  if (now.steady >= use.tell_again) {
    use.tell_again = now.steady + retell_interval;
    ex.port.key_first_used(key.id, use.when);
  }
  return {};
}

// Checks the key the client sent and notes it in the record. No message, no lock: the directory is
// a snapshot.
result<void> authenticate(exchange& ex) {
  const auto& fields = ex.head.fields;
  const auto& settings = ex.worker.settings;
  const auto text = relay::find_client_key({.x_api_key = fields.find("x-api-key"),
                                            .x_goog_api_key = fields.find("x-goog-api-key"),
                                            .authorization = fields.find("authorization"),
                                            .api_key = fields.find("api-key"),
                                            .query = ex.head.query},
                                           settings.key_prefix);
  if (text.empty()) {
    return bad_key(
        "Missing API key. Provide one in the x-api-key, x-goog-api-key, or Authorization header.");
  }
  constexpr std::size_t shortest = 10;
  constexpr std::size_t longest = 512;
  if (text.size() < shortest || text.size() > longest || !text.starts_with(settings.key_prefix)) {
    return bad_key("Invalid API key format");
  }
  auto key = ex.worker.view.keys->find(relay::hash_key_text(text, settings.encryption_key));
  if (!key) return bad_key("API key not found");
  const auto now = key->expires_at ? wall_now() : wall_time{};
  if (auto usable = relay::check_usable(*key, now); !usable) return usable;
  if (auto fits = relay::check_client(*key, fields.find("user-agent")); !fits) return fits;
  if (relay::awaits_first_use(*key)) {
    if (auto alive = note_first_use(ex, *key); !alive) return alive;
  }
  ex.record.key = std::move(key);
  return {};
}

// The routes of another port are none here, whatever the method.
relay::route_match find_route(const exchange& ex) {
  const auto& head = ex.head;
  auto match = relay::match_route(head.method, head.path);
  if (ex.role == listener_role::all) return match;
  const auto method = std::string_view(match.allow).substr(0, match.allow.find(','));
  const auto* const row =
      match.found != nullptr ? match.found : relay::match_route(method, head.path).found;
  if (row != nullptr && !is_answered_at(ex.role, row->op)) {
    match.found = nullptr;
    match.allow.clear();
  }
  return match;
}

task<void> refuse_path(exchange& ex, const relay::route_match& match) {
  const std::string path(ex.head.path.substr(0, 200));
  if (match.allow.empty()) {
    co_return co_await send_error(
        ex, downstream_error(error_code::not_found, "There is no route " + path + "."));
  }
  const auto allow = "allow: " + std::string(match.allow) + "\r\n";
  co_await send_error(ex,
                      downstream_error(error_code::method_not_allowed,
                                       path + " takes " + std::string(match.allow) + " only."),
                      allow);
}

// A client that stopped sending hears nothing more; its connection is over.
task<void> refuse_body(exchange& ex, const error& failure) {
  ex.keep_alive = false;
  if (failure.code == error_code::cancelled || failure.code == error_code::request_timeout) {
    ex.record.failure = failure.code;
    ex.record.how = relay::outcome::client_gone;
    co_return;
  }
  co_await send_error(ex, failure);
}

}  // namespace

task<void> handle_request(exchange& ex, request_parser& parser) {
  const auto match = find_route(ex);
  ex.protocol = match.protocol;
  if (match.found == nullptr) {
    if (ex.role != listener_role::relay && admin::is_admin_path(ex.head.path)) {
      co_return co_await answer_admin(ex, parser);
    }
    co_return co_await refuse_path(ex, match);
  }
  ex.record.route = match.found;

  std::optional<running_requests::entry> running;
  if (needs_key(match.found->op)) {
    if (const auto known = authenticate(ex); !known) {
      co_return co_await send_error(ex, known.error());
    }
    running.emplace(ex.worker.running, ex);
  }
  if (const auto read = co_await read_body(ex, parser, ex.worker.settings.body_bytes_max); !read) {
    co_return co_await refuse_body(ex, read.error());
  }
  if (relay::is_relayed(match.found->op)) {
    relay_request request(ex, match);
    co_await request.run();
  } else {
    co_await answer_locally(ex, match);
  }
}

}  // namespace baton::net
