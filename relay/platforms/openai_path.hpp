// Where an OpenAI-compatible service has its routes.
#pragma once

#include <string>
#include <string_view>

namespace baton::relay {

// An account's base path, made one that routes without their version are put behind, as the SDKs'
// base URLs are: a whole route that ends it is taken off, and where no segment of the rest is a
// version (v1, v4, v1beta, …) "/v1" is put behind.
//
//   ""                          -> /v1
//   /api                        -> /api/v1
//   /api/paas/v4                -> /api/paas/v4
//   /v1beta/openai              -> /v1beta/openai
//   /v1/chat/completions        -> /v1
std::string openai_base_path(std::string_view base_path);

}  // namespace baton::relay
