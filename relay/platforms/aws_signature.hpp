// AWS Signature Version 4: what proves to an AWS service who sends a request, without showing the
// secret ("Create a signed AWS API request" in AWS's IAM user guide).
#pragma once

#include <atomic>
#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "base/time.hpp"

namespace baton::relay {

struct aws_credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // of temporary credentials; else empty
};

// Where a signature counts: "20150830/us-east-1/bedrock/aws4_request".
struct aws_scope {
  std::string_view day;  // "20150830", of the time of signing
  std::string_view region;
  std::string_view service;
};

// The request to sign, as it will be sent.
struct aws_request {
  std::string_view method;
  std::string_view path;                   // as in the request line: percent-encoded once
  std::string_view query;                  // without "?"; may be empty
  std::string_view host;                   // the value of its Host header
  std::span<const std::string_view> body;  // its pieces in order
};

// Signs the requests of one account to one service. Shared by all threads.
//
// The secret never leaves it. The key for signing is made from the secret once a day (UTC) and
// kept.
class aws_signer {
 public:
  aws_signer(aws_credentials credentials, std::string region, std::string service);
  ~aws_signer();
  aws_signer(const aws_signer&) = delete;
  aws_signer& operator=(const aws_signer&) = delete;

  // Appends the header lines x-amz-date, x-amz-security-token (with a session token) and
  // authorization, each with its CRLF. They and the host are signed, and so are method, path, query
  // and body; the request's other headers are not, and may be any but these three.
  //
  // AWS accepts a signature for five minutes around `now`, so a request that is sent again is
  // signed again.
  void append_headers(std::string& head, const aws_request& request, wall_time now) const;

 private:
  // Never changes once others can see it.
  struct day_key {
    std::chrono::sys_days day;
    crypto::key_256 key;
    const day_key* older;
  };

  const crypto::key_256& key_of(const aws_scope& scope, std::chrono::sys_days day) const;

  const aws_credentials credentials_;
  const std::string region_;
  const std::string service_;
  // The keys of the days so far. All are kept, 48 bytes a day, since a thread may be using one.
  mutable std::atomic<const day_key*> newest_ = nullptr;
};

// The steps, for themselves.

// "20150830T123600Z"; its first eight characters are the day.
std::string aws_timestamp(wall_time time);
crypto::key_256 aws_signing_key(std::string_view secret_access_key, const aws_scope& scope);
std::string aws_string_to_sign(std::string_view timestamp, const aws_scope& scope,
                               std::string_view canonical_request);
std::string aws_signature(const crypto::key_256& key, std::string_view string_to_sign);  // hex

}  // namespace baton::relay
