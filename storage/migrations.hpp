// The schema and how a database gets from any earlier one to it. PRAGMA user_version counts the
// steps that were made.
#pragma once

#include <span>

#include "base/error.hpp"
#include "storage/sqlite.hpp"

namespace baton::storage {

// SQL of each step, in order: step 0 makes version 1 from an empty file. A step that has been
// released is never changed; what it lacks comes with the next.
std::span<const char* const> schema_steps();

// Makes the steps that `database` lacks, each in one transaction. Several processes may do so at
// once. Fails when the database is of a newer Baton or of another program.
result<void> migrate(sqlite::connection& database,
                     std::span<const char* const> steps = schema_steps());

}  // namespace baton::storage
