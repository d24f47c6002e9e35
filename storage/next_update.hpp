// Guards a record against a change that somebody else has made since it was read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "storage/sqlite.hpp"

namespace baton::storage {

// The updated_at of a record that is about to be changed: now, but later than the one it has, which
// `select_sql` reads for the id ?1. Belongs inside the write transaction of the change. Errors,
// with `what` the record is: not_found; conflict if it was changed since `unchanged_since`.
result<wall_time> next_update(sqlite::connection& database, const std::string& what,
                              std::string_view select_sql, std::string_view id,
                              std::optional<wall_time> unchanged_since);

}  // namespace baton::storage
