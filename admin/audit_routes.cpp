// The audit log.
#include <utility>

#include "admin/audit_view.hpp"
#include "admin/list_query.hpp"
#include "admin/route.hpp"
#include "base/timestamps.hpp"

namespace baton::admin {
namespace {

constexpr std::size_t page_max = 1000;
constexpr std::size_t page_default = 100;
constexpr std::size_t export_max = 50'000;
constexpr std::uint64_t id_max = std::uint64_t{1} << 62;

constexpr std::string_view list_parameters[] = {"from",       "to",       "actor", "action",
                                                "objectType", "objectId", "limit", "before"};
constexpr std::string_view export_parameters[] = {"from",       "to",       "actor",  "action",
                                                  "objectType", "objectId", "before", "format"};

result<std::optional<wall_time>> time_of(const query_parameters& given, std::string_view name,
                                         wall_time now) {
  const auto text = given.text(name);
  if (text.empty()) return std::optional<wall_time>();
  const auto time = parse_moment(text, now);
  if (time) return time;
  return downstream_error(
      error_code::invalid_argument,
      std::string(name) + ": is no time; allowed: " + std::string(moment_forms));
}

result<storage::audit_query> read_query(const query_parameters& given, wall_time now) {
  storage::audit_query query;
  const auto from = time_of(given, "from", now);
  if (!from) return from.error();
  const auto to = time_of(given, "to", now);
  if (!to) return to.error();
  const auto before = given.number("before", 1, id_max, 0);
  if (!before) return before.error();
  query.from = *from;
  query.to = *to;
  query.before_id = static_cast<std::int64_t>(*before);
  const auto take = [&given](const char* name, std::vector<std::string>& list) {
    if (const auto text = given.text(name); !text.empty()) list.emplace_back(text);
  };
  take("actor", query.actors);
  take("action", query.actions);
  take("objectType", query.object_types);
  query.object_id = given.text("objectId");
  return query;
}

outcome list_entries(call& made) {
  const auto given = query_parameters::read(made.asked.query, list_parameters);
  if (!given) return given.error();
  auto query = read_query(*given, made.now.wall);
  if (!query) return query.error();
  const auto limit = given->number("limit", 1, page_max, page_default);
  if (!limit) return limit.error();
  query->limit = *limit;
  const auto page = made.at.store.audit(*query);
  if (!page) return page.error();
  return json_answer(audit_json(*page));
}

// As a file. What does not fit goes on before the number in the header.
outcome export_entries(call& made) {
  constexpr std::string_view formats[] = {"jsonl", "csv"};
  const auto given = query_parameters::read(made.asked.query, export_parameters);
  if (!given) return given.error();
  auto query = read_query(*given, made.now.wall);
  if (!query) return query.error();
  const auto format = given->choice("format", formats, formats[0]);
  if (!format) return format.error();
  query->limit = export_max;
  const auto page = made.at.store.audit(*query);
  if (!page) return page.error();
  const bool csv = *format == "csv";
  answer reply;
  reply.content_type = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
  reply.body = csv ? audit_csv_names() + audit_csv(page->entries) : audit_lines(page->entries);
  reply.headers.emplace_back("content-disposition", csv ? "attachment; filename=\"audit.csv\""
                                                        : "attachment; filename=\"audit.jsonl\"");
  if (page->more) {
    reply.headers.emplace_back("x-next-before", std::to_string(page->entries.back().id));
  }
  return reply;
}

constexpr std::string_view export_types[] = {"application/x-ndjson", "text/csv"};

constexpr route rows[] = {
    {.method = "GET",
     .path = "/api/v2/audit",
     .serve = &list_entries,
     .summary = "Who did what, when and from where, the newest first",
     .answer_schema = "AuditPage",
     .query = list_parameters},
    {.method = "GET",
     .path = "/api/v2/audit/export",
     .serve = &export_entries,
     .summary = "The same as a file: a JSON object a line, or CSV",
     .media_types = export_types,
     .query = export_parameters},
};

}  // namespace

std::span<const route> audit_routes() {
  return rows;
}

}  // namespace baton::admin
