#include "admin/service.hpp"

#include <string>
#include <utility>

#include "admin/field_error.hpp"
#include "admin/route.hpp"
#include "base/log.hpp"
#include "relay/api.hpp"

namespace baton::admin {
namespace {

// A field that cannot be used is 422 here; 400 is what is no JSON at all, or a query. To v1 all of
// them are 400.
int status_of(const error& failure, dialect speaks) {
  if (speaks == dialect::v2 && !field_of(failure).empty()) return 422;
  return relay::error_status(failure.code);
}

// v1's "error", a few words; its "message" says more.
std::string_view v1_title(error_code code) {
  switch (code) {
    case error_code::unauthenticated: return "Invalid credentials";
    case error_code::invalid_argument: return "Invalid input";
    case error_code::malformed_request: return "Invalid request";
    case error_code::permission_denied: return "Permission denied";
    case error_code::not_found: return "Not found";
    case error_code::conflict: return "Conflict";
    case error_code::rate_limited: return "Too many attempts";
    case error_code::body_too_large: return "Body too large";
    case error_code::method_not_allowed: return "Method not allowed";
    case error_code::not_implemented: return "Not implemented";
    default: return "Internal error";
  }
}

ordered_json error_body(const error& failure, dialect speaks) {
  const auto code = to_string(failure.code);
  if (speaks == dialect::v1) {
    return {{"error", v1_title(failure.code)}, {"message", failure.text}};
  }
  ordered_json told = {{"code", code}, {"message", failure.text}};
  if (const auto field = field_of(failure); !field.empty()) told["field"] = field;
  return {{"error", std::move(told)}};
}

// What goes wrong inside is in the log; callers are told that it did.
error outside_view(const error& failure) {
  if (failure.code != error_code::storage_failed) return failure;
  auto told = internal_error(failure.code, "The store cannot be used at the moment.");
  told.retry_after = std::chrono::seconds(1);
  return told;
}

answer told(const error& inside, dialect speaks) {
  const auto failure = outside_view(inside);
  auto reply = json_answer(error_body(failure, speaks), status_of(failure, speaks));
  if (failure.retry_after) {
    reply.headers.emplace_back("retry-after", std::to_string(failure.retry_after->count()));
  }
  if (failure.code == error_code::unauthenticated) {
    reply.headers.emplace_back("www-authenticate", "Bearer");
  }
  return reply;
}

step refuse_path(const request& asked, const route_match& match) {
  if (match.allow.empty()) {
    return {told(downstream_error(error_code::not_found, "There is no such route."), match.speaks)};
  }
  auto reply =
      told(downstream_error(error_code::method_not_allowed,
                            "This route takes " + match.allow + ", not " + asked.method + "."),
           match.speaks);
  reply.headers.emplace_back("allow", match.allow);
  return {std::move(reply)};
}

}  // namespace

answer error_answer(const error& failure, std::string_view method, std::string_view path) {
  return told(failure, match_route(method, path).speaks);
}

step serve(desk& at, const request& asked, const findings& found, moment now) {
  auto match = match_route(asked.method, asked.path);
  if (match.found == nullptr) return refuse_path(asked, match);
  call made{asked, at, found, now, {}, std::move(match.parameters)};
  if (match.found->open_to == access::administrator) {
    auto who = at.logins.authenticate(asked.credential, now.wall);
    if (!who) return {told(who.error(), match.speaks)};
    made.who = *std::move(who);
  }
  auto end = match.found->serve(made);
  if (auto* const wanted = std::get_if<errand>(&end)) return {std::move(*wanted), made.changed};
  if (const auto* const failure = std::get_if<error>(&end)) {
    if (failure->source == error_source::internal) {
      log::error("a call of the administration failed",
                 {{"path", asked.path}, {"reason", failure->text}});
    }
    return {told(*failure, match.speaks), made.changed};
  }
  return {std::move(std::get<answer>(end)), made.changed};
}

}  // namespace baton::admin
