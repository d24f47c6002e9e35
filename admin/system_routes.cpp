// What is configured, what may change while Baton runs, and the scheduler asked.
#include <utility>

#include "admin/dry_run.hpp"
#include "admin/field.hpp"
#include "admin/openapi.hpp"
#include "admin/route.hpp"

namespace baton::admin {
namespace {

outcome show_config(call& made) {
  return json_answer(made.at.config.show());
}

// Written down before it is in force: what cannot be written down is not done.
outcome change_config(call& made) {
  const auto body = body_of(made);
  if (!body) return body.error();
  const auto changes = made.at.config.changes(*body);
  if (!changes) return changes.error();
  const auto entry = audit_entry(author_of(made), "config.update", {"config", {}, {}}, *changes);
  if (auto done = made.at.store.add_audit(entry); !done) return done.error();
  made.at.config.change(*body);
  return json_answer(made.at.config.show());
}

outcome reload_prices(call& made) {
  const auto entry =
      audit_entry(author_of(made), "prices.reload", {"prices", {}, {}}, ordered_json::object());
  if (auto done = made.at.store.add_audit(entry); !done) return done.error();
  made.at.config.reload_prices();
  return json_answer({{"success", true}}, 202);
}

outcome show_description(call&) {
  answer reply;
  reply.body = openapi_text();
  return reply;
}

outcome show_docs(call&) {
  answer reply;
  reply.content_type = "text/html; charset=utf-8";
  reply.body = openapi_page();
  return reply;
}

constexpr std::string_view page_types[] = {"text/html"};

constexpr route rows[] = {
    {.method = "GET",
     .path = "/api/v2/config",
     .serve = &show_config,
     .summary = "Every setting, its value and whether it can be changed while Baton runs",
     .answer_schema = "Config"},
    {.method = "PUT",
     .path = "/api/v2/config",
     .serve = &change_config,
     .summary = "Changes settings until the next start",
     .request_schema = "ConfigChange",
     .answer_schema = "Config"},
    {.method = "POST",
     .path = "/api/v2/prices/reload",
     .serve = &reload_prices,
     .summary = "Has the price file read anew; the log and the metrics tell what came of it",
     .answer_schema = "Success",
     .success = 202},
    {.method = "POST",
     .path = "/api/v2/scheduler/dry-run",
     .serve = &dry_run,
     .summary = "Which account a request would get, and why no other",
     .request_schema = "DryRun",
     .answer_schema = "Explanation"},
    {.method = "GET",
     .path = "/openapi.json",
     .open_to = access::anybody,
     .serve = &show_description,
     .summary = "This description",
     .answer_schema = "Description"},
    {.method = "GET",
     .path = "/docs",
     .open_to = access::anybody,
     .serve = &show_docs,
     .summary = "This description, to be read in a browser",
     .media_types = page_types},
};

}  // namespace

std::span<const route> system_routes() {
  return rows;
}

}  // namespace baton::admin
