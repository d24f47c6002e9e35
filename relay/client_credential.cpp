#include "relay/client_credential.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view key_parameter = "key=";

std::string_view without_scheme(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (text::iequals(authorization.substr(0, scheme.size()), scheme)) {
    authorization.remove_prefix(scheme.size());
  }
  return text::trim(authorization);
}

// Calls `visit` with each parameter of the query.
template <class Visit>
void for_each_parameter(std::string_view query, Visit visit) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    visit(query.substr(0, end));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

std::string_view key_in_query(std::string_view query) {
  std::string_view key;
  for_each_parameter(query, [&](std::string_view parameter) {
    if (key.empty() && parameter.starts_with(key_parameter)) {
      key = parameter.substr(key_parameter.size());
    }
  });
  return key;
}

}  // namespace

std::string_view find_client_key(const credential_fields& fields, std::string_view prefix) {
  std::string_view first;
  for (const auto candidate :
       {fields.x_api_key, fields.x_goog_api_key, without_scheme(fields.authorization),
        fields.api_key, key_in_query(fields.query)}) {
    if (candidate.empty()) continue;
    if (candidate.starts_with(prefix)) return candidate;
    if (first.empty()) first = candidate;
  }
  return first;
}

std::string strip_key_parameter(std::string_view query) {
  std::string kept;
  kept.reserve(query.size());
  for_each_parameter(query, [&](std::string_view parameter) {
    if (parameter.starts_with(key_parameter)) return;
    if (!kept.empty()) kept += '&';
    kept += parameter;
  });
  return kept;
}

}  // namespace baton::relay
