// What there is: platforms, and the routes of their clients. Adding a platform is adding its files
// and its lines in registry.cpp.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "relay/route.hpp"

namespace baton::relay {

// The routes of one family of clients. Unknown paths that begin with `prefix` are refused in the
// words of `protocol`; a later table's prefix wins over an earlier one's.
struct route_table {
  std::span<const route> rows;
  std::string_view prefix;
  const api* protocol;
};

const std::vector<route_table>& route_tables();

// One API for each service: those that models are listed for.
const std::vector<const api*>& listed_apis();

}  // namespace baton::relay
