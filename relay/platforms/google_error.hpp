// Reads the error answers of Google's APIs: {"error": {"code", "message", "status", "details"}},
// for a stream without alt=sse as the only element of an array.
#pragma once

#include "relay/platform.hpp"

namespace baton::relay {

// | what it says                                    | amounts to                                |
// |-------------------------------------------------|-------------------------------------------|
// | 400, the API key is not valid, or has expired   | 401                                       |
// | 400, the service is not for this location       | 403: it may be for another account's      |
// | 499, 504                                        | 504                                       |
// | details with a RetryInfo                        | as it is, with a time to wait             |
// | anything else                                   | as it is                                  |
//
// https://ai.google.dev/gemini-api/docs/troubleshooting, google/rpc/error_details.proto
error_reading read_google_error(const error_answer& answer);

}  // namespace baton::relay
