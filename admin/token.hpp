// What an administrator shows after logging in: JSON web tokens (RFC 7519), signed by HMAC SHA-256.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace baton::admin {

constexpr std::size_t token_bytes_max = 4096;

struct token_claims {
  std::string subject;     // whom it was given to; UTF-8
  std::string id;          // random, so that this one can be ended
  std::string generation;  // storage::admin_generation() when it was given; UTF-8
  std::chrono::sys_seconds issued_at{};
  std::chrono::sys_seconds expires_at{};

  friend bool operator==(const token_claims&, const token_claims&) = default;
};

std::string new_token_id();  // 128 random bits, in hex

// The one error for whatever is wrong with a token, so that it tells nobody how near he came.
error wrong_token();

class token_signer {
 public:
  explicit token_signer(std::string secret) : secret_(std::move(secret)) {}

  std::string sign(const token_claims& claims) const;

  // What it claims, if it is, to the last byte, what sign() makes of that, and `now` lies within
  // its time. Errors: wrong_token().
  result<token_claims> verify(std::string_view token, wall_time now) const;

 private:
  std::string secret_;
};

}  // namespace baton::admin
