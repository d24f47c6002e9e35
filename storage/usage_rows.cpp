#include "storage/usage_rows.hpp"

namespace baton::storage {

relay::usage_counts read_counts(sqlite::cursor& row) {
  relay::usage_counts counts;
  counts.requests = row.integer();
  counts.tokens.input = row.integer();
  counts.tokens.output = row.integer();
  counts.tokens.cache_read = row.integer();
  counts.tokens.cache_write_5m = row.integer();
  counts.tokens.cache_write_1h = row.integer();
  counts.tokens.reasoning = row.integer();
  counts.cost_nanousd = row.integer();
  counts.rated_nanousd = row.integer();
  counts.fallback_requests = row.integer();
  return counts;
}

}  // namespace baton::storage
