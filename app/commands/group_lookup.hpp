// Groups as operators name them in options, and as they are shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "storage/store.hpp"

namespace baton::app {

// "a,b": names, ids or starts of ids. Each group comes once. Errors: what the store says about the
// first that is not found.
result<std::vector<group_id>> find_groups(storage::store& store, std::string_view list);

// "a, b", or `none` if there are none. A group that is gone is shown by its id.
std::string group_names(storage::store& store, const std::vector<group_id>& groups,
                        std::string_view none);

}  // namespace baton::app
