// The audit log in SQLite. The schema's triggers refuse to change what was appended.
#include <algorithm>
#include <limits>
#include <utility>

#include "storage/json_text.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::storage {
namespace {

constexpr std::string_view insert_sql =
    "INSERT INTO audit (at, actor, address, action, object_type, object_id, object_name, outcome,"
    " changes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

constexpr std::string_view select_sql =
    "SELECT id, at, actor, address, action, object_type, object_id, object_name, outcome, changes"
    " FROM audit WHERE at >= ?1 AND (at, id) < (?2, ?3)";

// Where an entry stands in the log's order.
using position = std::pair<wall_time, std::int64_t>;

constexpr position behind_all{wall_time::max(), std::numeric_limits<std::int64_t>::max()};

// One filter: its condition, and the value of its place.
struct filter {
  std::string sql, value;
};

// A single name is compared, so that an index of its column has the answer's order. Several are a
// list, which the index of the time is then better than ("+" hides the column from its own).
// Without a name the place is still there to be bound. There are few of these texts.
result<filter> filter_of(const char* column, const char* place, const text_list& names) {
  auto json = filter_json(names);
  if (!json) return json.error();
  const std::string column_text(column), place_text(place);
  if (names.empty()) return filter{" AND " + place_text + " = ''", {}};
  if (names.size() == 1) return filter{" AND " + column_text + " = " + place_text, names.front()};
  return filter{" AND +" + column_text + " IN (SELECT value FROM json_each(" + place_text + "))",
                std::move(*json)};
}

result<void> check(const audit_entry& entry) {
  if (!to_json(text_list{entry.actor, entry.address, entry.action, entry.object_type,
                         entry.object_id, entry.object_name, entry.outcome})) {
    return downstream_error(error_code::invalid_argument, "a text of an audit entry is not UTF-8");
  }
  if (!is_json_object(entry.changes)) {
    return downstream_error(error_code::invalid_argument,
                            "the changes of an audit entry are no JSON object");
  }
  return {};
}

audit_entry read_entry(sqlite::cursor& row) {
  audit_entry entry;
  entry.id = row.integer();
  entry.at = row.time();
  entry.actor = row.text();
  entry.address = row.text();
  entry.action = row.text();
  entry.object_type = row.text();
  entry.object_id = row.text();
  entry.object_name = row.text();
  entry.outcome = row.text();
  entry.changes = row.text();
  return entry;
}

// All that is wanted stands before this.
result<position> end_of(sqlite::connection& database, const audit_query& query) {
  const auto end = query.to ? position{*query.to, 0} : behind_all;
  if (query.before_id == 0) return end;
  const auto select = database.kept("SELECT at FROM audit WHERE id = ?1");
  if (!select) return select.error();
  sqlite::cursor row = (*select)->query(query.before_id);
  const auto found = row.next();
  if (!found) return found.error();
  if (!*found) {
    return downstream_error(error_code::invalid_argument, "no audit entry has this id");
  }
  return std::min(end, position{row.time(), query.before_id});
}

// A page ends behind so much, however many entries are asked for.
constexpr std::size_t page_bytes_max = 8 * 1024 * 1024;

}  // namespace

result<void> sqlite_store::add_audit(const audit_entry& entry) {
  if (auto fit = check(entry); !fit) return fit;
  const auto insert = database_.kept(insert_sql);
  if (!insert) return insert.error();
  return (*insert)->execute(entry.at, entry.actor, entry.address, entry.action, entry.object_type,
                            entry.object_id, entry.object_name, entry.outcome, entry.changes);
}

result<audit_page> sqlite_store::audit(const audit_query& query) {
  const auto end = end_of(database_, query);
  if (!end) return end.error();
  const auto actor = filter_of("actor", "?4", query.actors);
  if (!actor) return actor.error();
  const auto action = filter_of("action", "?5", query.actions);
  if (!action) return action.error();
  const auto type = filter_of("object_type", "?6", query.object_types);
  if (!type) return type.error();
  const auto object = filter_of("object_id", "?7",
                                query.object_id.empty() ? text_list{} : text_list{query.object_id});
  if (!object) return object.error();

  const auto select =
      database_.kept(std::string(select_sql) + actor->sql + action->sql + type->sql + object->sql +
                     " ORDER BY at DESC, id DESC LIMIT ?8");
  if (!select) return select.error();
  audit_page page;
  std::size_t bytes = 0;
  sqlite::cursor rows =
      (*select)->query(query.from.value_or(wall_time::min()), end->first, end->second, actor->value,
                       action->value, type->value, object->value, query.limit + 1);
  const auto read = rows.each([&](sqlite::cursor& row) -> result<void> {
    page.more = page.more || page.entries.size() == query.limit || bytes > page_bytes_max;
    if (page.more) return {};
    page.entries.push_back(read_entry(row));
    bytes += page.entries.back().changes.size();
    return {};
  });
  if (!read) return read.error();
  return page;
}

}  // namespace baton::storage
