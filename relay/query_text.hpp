// The parameters of a URL's query, told apart as upstreams do.
#pragma once

#include <algorithm>
#include <string_view>

namespace baton::relay {

// A view into the query.
struct query_parameter {
  std::string_view text;   // as it stands: "name=value"
  std::string_view name;   // with its escapes
  std::string_view value;  // with its escapes; empty if there is none

  // Whether this is its name: unescaped, in any case, and without the dollar sign that Google takes
  // in front. Upstreams are not all so liberal, but what one of them may read must not be missed.
  bool is_called(std::string_view wanted) const;
};

query_parameter read_query_parameter(std::string_view text);

// Calls `visit(parameter)` for each parameter of a query, which is without its "?". Empty ones are
// passed over.
template <class Visit>
void for_each_parameter(std::string_view query, Visit visit) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    if (end != 0) visit(read_query_parameter(query.substr(0, end)));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

}  // namespace baton::relay
