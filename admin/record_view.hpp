// Single requests, as the ledger has them, in JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "storage/ledger/ledger_query.hpp"

namespace baton::admin {

// {"items":[…],"next"}: "next" is the number to ask for the page behind this one with, null at the
// end. Money is decimal text in US dollars.
nlohmann::ordered_json records_json(const storage::ledger_page& page);

}  // namespace baton::admin
