#include "net/admin_call.hpp"

#include <memory>
#include <utility>

#include "admin/service.hpp"
#include "base/text.hpp"
#include "net/account_trial.hpp"
#include "net/client_origin.hpp"
#include "net/cors.hpp"
#include "net/own_answer.hpp"
#include "net/request_body.hpp"
#include "relay/api.hpp"

namespace baton::net {
namespace {

constexpr std::uint64_t body_bytes_max = 1 << 20;

// The value of the cookie of this name; empty: there is none.
std::string_view cookie(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    const auto each = text::trim(cookies.substr(0, end));
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    const auto equals = each.find('=');
    if (equals != each.npos && each.substr(0, equals) == name) return each.substr(equals + 1);
  }
  return {};
}

// A browser sends cookies with what a page of any other origin makes it call, and says which
// origin.
bool is_of_another_origin(const header_fields& fields) {
  const auto origin = fields.find("origin");
  const auto host = origin.substr(std::min(origin.find("://"), origin.size()));
  return !origin.empty() && host != "://" + std::string(fields.find("host"));
}

// Where v1's clients put their token, too.
std::string_view credential(const header_fields& fields) {
  constexpr std::string_view scheme = "bearer ";
  const auto authorization = fields.find("authorization");
  if (text::iequals(authorization.substr(0, scheme.size()), scheme)) {
    return text::trim(authorization.substr(scheme.size()));
  }
  const auto token = fields.find("x-admin-token");
  if (!token.empty()) return token;
  return is_of_another_origin(fields) ? std::string_view()
                                      : cookie(fields.find("cookie"), "adminToken");
}

admin::request call_of(const exchange& ex) {
  admin::request asked;
  asked.method = ex.head.method;
  asked.path = ex.head.path;
  asked.query = ex.head.query;
  asked.body = ex.body;
  asked.credential = credential(ex.head.fields);
  asked.if_match = ex.head.fields.find("if-match");
  asked.address = client_address(ex);
  asked.request_id = ex.record.request_id;
  return asked;
}

// Does what the administration asks for, and notes what came of it.
struct errand_runner {
  exchange& ex;
  admin::findings& found;

  task<void> operator()(admin::flush_usage) { found.flushed = co_await ex.port.flush_usage(); }
  task<void> operator()(admin::look_at_accounts) {
    found.accounts = co_await ex.port.account_states();
  }
  task<void> operator()(admin::explain_choice asked) {
    actors::account_wish wish;
    wish.protocol = asked.protocol;
    wish.model = asked.model;
    wish.key = asked.key;
    wish.session = asked.session;
    found.choice = co_await ex.port.explain(std::move(wish));
  }
  task<void> operator()(admin::reset_account asked) {
    found.reset = co_await ex.port.reset_account(std::move(asked.id));
  }
  task<void> operator()(admin::try_account asked) {
    found.trial = co_await try_account(ex, std::move(asked.account), std::move(asked.model));
  }
};

task<result<admin::answer>> have_served(exchange& ex, std::shared_ptr<const admin::request> asked) {
  admin::findings found;
  for (;;) {
    auto step = co_await ex.port.administer(asked, found);
    if (!step) co_return step.error();
    // The answer tells that the change is in force, so it waits for that.
    bool in_force = true;
    if (step->changed) in_force = (co_await ex.port.reload_directory()).has_value();
    if (auto* const reply = std::get_if<admin::answer>(&step->next)) {
      if (!in_force) {
        reply->headers.emplace_back("warning", "199 baton \"stored, but not in force yet\"");
      }
      co_return std::move(*reply);
    }
    errand_runner run{ex, found};
    co_await std::visit(run, std::move(std::get<admin::errand>(step->next)));
  }
}

std::string lines_for_all(const exchange& ex, std::string_view content_type) {
  return admin_security_lines(content_type, client_used_tls(ex)) +
         cors_lines(ex.worker.settings.cors_origins, ex.head.fields.find("origin"));
}

task<void> send(exchange& ex, const admin::answer& reply) {
  if (reply.status >= 400) {
    ex.record.failure = relay::error_code_of(reply.status);
    ex.record.how = relay::outcome::refused;
  }
  auto lines = lines_for_all(ex, reply.content_type);
  for (const auto& [name, value] : reply.headers) {
    lines.append(name).append(": ").append(value).append("\r\n");
  }
  co_await send_answer(ex, reply.status, reply.content_type, reply.body, lines);
}

task<void> refuse(exchange& ex, const error& failure) {
  const auto reply = admin::error_answer(failure, ex.head.method, ex.head.path);
  co_await send(ex, reply);
}

task<void> refuse_body(exchange& ex, const error& failure) {
  ex.keep_alive = false;
  if (failure.code != error_code::cancelled && failure.code != error_code::request_timeout) {
    co_return co_await refuse(ex, failure);
  }
  ex.record.failure = failure.code;
  ex.record.how = relay::outcome::client_gone;
}

// A browser asks whether a page of another origin may call.
bool is_preflight(const request_head& head) {
  return head.method == "OPTIONS" && !head.fields.find("access-control-request-method").empty();
}

}  // namespace

task<void> answer_admin(exchange& ex, request_parser& parser) {
  if (!may_administrate(ex)) {
    co_return co_await refuse(ex,
                              downstream_error(error_code::permission_denied,
                                               "The administration is not open to this address."));
  }
  if (is_preflight(ex.head)) {
    const auto lines =
        preflight_lines(ex.worker.settings.cors_origins, ex.head.fields.find("origin"));
    co_return co_await send_answer(ex, 204, "text/plain", {}, lines);
  }
  if (const auto read = co_await read_body(ex, parser, body_bytes_max); !read) {
    co_return co_await refuse_body(ex, read.error());
  }
  const auto reply = co_await have_served(ex, std::make_shared<const admin::request>(call_of(ex)));
  if (!reply) co_return co_await refuse(ex, reply.error());
  co_await send(ex, *reply);
}

}  // namespace baton::net
