#include "relay/client_credential.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "relay/query_text.hpp"

namespace baton::relay {
namespace {

// Google's (as `key` is), Azure's, and what gateways in front of others take.
constexpr std::array<std::string_view, 7> credential_parameters{
    "key", "api-key", "api_key", "apikey", "access_token", "oauth_token", "subscription-key"};

std::string_view without_scheme(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (text::iequals(authorization.substr(0, scheme.size()), scheme)) {
    authorization.remove_prefix(scheme.size());
  }
  return text::trim(authorization);
}

std::string_view key_in_query(std::string_view query) {
  std::string_view key;
  for_each_parameter(query, [&key](const query_parameter& parameter) {
    if (key.empty() && parameter.is_called("key")) key = parameter.value;
  });
  return key;
}

bool is_credential(const query_parameter& parameter) {
  return std::any_of(credential_parameters.begin(), credential_parameters.end(),
                     [&parameter](std::string_view name) { return parameter.is_called(name); });
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
  for_each_parameter(query, [&kept](const query_parameter& parameter) {
    if (is_credential(parameter)) return;
    if (!kept.empty()) kept += '&';
    kept += parameter.text;
  });
  return kept;
}

}  // namespace baton::relay
