// Checks AWS Signature Version 4 of a request
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Its
// own computation: it shares nothing with the relay that signs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/mock_request.hpp"

namespace baton::mock {

// The secret of every access key id.
inline constexpr std::string_view mock_secret = "mock-secret-access-key";

// What the signature of this request has to be, in hexadecimal digits, given its
// "authorization" header's scope and list of signed headers; empty if these cannot be read. The
// path counts as it was sent, with its escapes escaped once more.
std::string expected_signature(const request_head& head, std::string_view body,
                               std::string_view secret);

// Whether the request is signed with mock_secret for Bedrock, "host" and all "x-amz-" headers
// included, not more than five minutes from `now_s` (seconds since 1970).
bool is_signed(const request_head& head, std::string_view body, std::int64_t now_s);

}  // namespace baton::mock
