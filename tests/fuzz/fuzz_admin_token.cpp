// Only what the signer itself makes of some claims is a token, whatever else stands there, even if
// the signature is right.
#include <algorithm>
#include <string>

#include "admin/token.hpp"
#include "base/base64.hpp"
#include "base/crypto.hpp"
#include "tests/fuzz/input.hpp"

using baton::fuzz::require;

namespace {

constexpr std::string_view secret = "a secret of thirty-two characters";
constexpr std::string_view head = R"({"alg":"HS256","typ":"JWT"})";

std::string base64url(std::string_view bytes) {
  auto encoded = baton::to_base64(bytes);
  encoded.erase(encoded.find_last_not_of('=') + 1);
  std::replace(encoded.begin(), encoded.end(), '+', '-');
  std::replace(encoded.begin(), encoded.end(), '/', '_');
  return encoded;
}

std::string with_signature(const std::string& text) {
  const std::span key(reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size());
  const auto mac = baton::crypto::hmac_sha256(key, {text});
  return text + '.' + base64url({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

// Chance would find neither the head nor the signature.
std::string token_of(std::string_view input, std::uint8_t steering) {
  switch (steering % 4) {
    case 0: return with_signature(base64url(head) + '.' + base64url(input));
    case 1: return base64url(head) + '.' + std::string(input);
    case 2: return with_signature(base64url(input));
    default: return std::string(input);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const baton::admin::token_signer signer{std::string(secret)};
  std::string_view input = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(input);
  const auto token = token_of(input, steering);
  const baton::wall_time now{std::chrono::milliseconds(1'800'000'000'000)};
  const auto claims = signer.verify(token, now);
  if (!claims) {
    require(claims.error().text == baton::admin::wrong_token().text, "every error is the same");
    return 0;
  }
  require(now < claims->expires_at, "a token that is accepted has not expired");
  require(signer.sign(*claims) == token, "a token is what its claims make");
  return 0;
}
