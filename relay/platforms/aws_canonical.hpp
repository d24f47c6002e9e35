// The text of a request that AWS Signature Version 4 signs. Both sides build it on their own, so
// that a proxy on the way may change what stands for the same request.
//
// After "Create a signed AWS API request" in AWS's IAM user guide. This is the form of all services
// but S3, which takes paths as they are.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/crypto.hpp"

namespace baton::relay {

// A header under the signature. Its name is in lower case, its value without blanks around it and
// without two in a row.
struct aws_signed_header {
  std::string_view name;
  std::string_view value;
};

// Appends the path of a request line, which is percent-encoded once, in its canonical form:
// without empty and dot segments, and each segment encoded again ("%3A" becomes "%253A").
void append_aws_canonical_path(std::string& out, std::string_view path);

// Appends a query ("a=1&b", without "?"): its parameters encoded in one way, sorted by name, then
// by value. A "+" stands for itself.
void append_aws_canonical_query(std::string& out, std::string_view query);

// "host;x-amz-date". The headers are sorted by name.
void append_aws_header_names(std::string& out, std::span<const aws_signed_header> headers);

// The canonical request; `headers` are sorted by name.
std::string aws_canonical_request(std::string_view method, std::string_view path,
                                  std::string_view query,
                                  std::span<const aws_signed_header> headers,
                                  const crypto::sha256_digest& body_digest);

}  // namespace baton::relay
