#include "storage/next_update.hpp"

#include <algorithm>

namespace baton::storage {

result<wall_time> next_update(sqlite::connection& database, const std::string& what,
                              std::string_view select_sql, std::string_view id,
                              std::optional<wall_time> unchanged_since) {
  const auto select = database.kept(select_sql);
  if (!select) return select.error();
  sqlite::cursor row = (*select)->query(id);
  const auto found = row.next();
  if (!found) return found.error();
  if (!*found) return downstream_error(error_code::not_found, "there is no such " + what);
  const auto last = row.time();
  if (unchanged_since && *unchanged_since != last) {
    return downstream_error(error_code::conflict,
                            "the " + what + " was changed by somebody else meanwhile");
  }
  return std::max(wall_now(), last + std::chrono::milliseconds(1));
}

}  // namespace baton::storage
