// What a query of statistics means, and its answer: for the API and for the command line.
#pragma once

#include <vector>

#include "base/error.hpp"
#include "relay/stats_query.hpp"
#include "relay/usage_report.hpp"
#include "storage/store.hpp"

namespace baton::admin {

// The keys, accounts, models and platforms that `asked` names, by id or name, and its times as they
// are. `keys`: all of them, revoked ones too. Errors: invalid_argument naming the parameter, or
// not_found for a key, an account or a tag: an empty filter would let everything pass.
result<storage::usage_query> usage_filter(const relay::stats_query& asked,
                                          const std::vector<relay::api_key>& keys,
                                          storage::store& store);

// Sums are of whole hours: all that a time cuts are in. Errors: as of usage_filter(), or the
// store's.
result<relay::usage_report> usage_report(const relay::stats_query& asked, storage::store& store);

}  // namespace baton::admin
