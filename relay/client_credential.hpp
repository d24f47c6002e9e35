// Where a client puts its key: x-api-key, x-goog-api-key, Authorization (with or without "Bearer"),
// api-key, or the query's `key`. Some clients send two of them.
#pragma once

#include <string>
#include <string_view>

namespace baton::relay {

// What a request carries; empty where it does not. Views into its head.
struct credential_fields {
  std::string_view x_api_key{};
  std::string_view x_goog_api_key{};
  std::string_view authorization{};
  std::string_view api_key{};
  std::string_view query{};  // the whole query
};

// The first of them that starts with `prefix`, else the first there is, else nothing.
std::string_view find_client_key(const credential_fields& fields, std::string_view prefix);

// `query` without its `key` parameter, which is Baton's, and without all others that an upstream
// could take for a credential: it would answer as if the account's own were wrong.
std::string strip_key_parameter(std::string_view query);

}  // namespace baton::relay
