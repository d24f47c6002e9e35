#include "admin/token.hpp"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <jwt/jwt.hpp>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/crypto.hpp"

namespace baton::admin {
namespace {

constexpr std::size_t id_bytes = 16;

// {"alg":"HS256","typ":"JWT"}. No other head is ever read, so that no token chooses its algorithm.
constexpr std::string_view head = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";

// The clock may be set back a little while tokens are out.
constexpr std::chrono::minutes clock_tolerance{1};

bool is_letter_of_base64url(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

// The library's decoder reads outside its table for bytes that are no ASCII, so it gets none.
bool has_shape(std::string_view token) {
  if (token.size() > token_bytes_max || !token.starts_with(head)) return false;
  const auto rest = token.substr(head.size());
  return std::count(rest.begin(), rest.end(), '.') == 1 &&
         std::all_of(rest.begin(), rest.end(),
                     [](char c) { return c == '.' || is_letter_of_base64url(c); });
}

// Nothing for what is no whole number, or a year of five digits, which no clock here can compare.
std::optional<std::chrono::sys_seconds> to_time(const nlohmann::json& seconds) {
  constexpr std::uint64_t year_10000 = 253'402'300'800;
  if (!seconds.is_number_unsigned() || seconds.get<std::uint64_t>() >= year_10000) {
    return std::nullopt;
  }
  return std::chrono::sys_seconds(std::chrono::seconds(seconds.get<std::int64_t>()));
}

// Without any check of the signature. Nothing: it cannot be read.
std::optional<token_claims> read_claims(std::string_view token) {
  try {
    std::error_code failure;
    const auto decoded =
        jwt::decode(jwt::string_view(token.data(), token.size()),
                    jwt::params::algorithms({"HS256"}), failure, jwt::params::verify(false));
    if (failure) return std::nullopt;
    const auto& payload = decoded.payload().create_json_obj();
    const auto issued_at = to_time(payload.at("iat"));
    const auto expires_at = to_time(payload.at("exp"));
    if (!issued_at || !expires_at) return std::nullopt;
    return token_claims{payload.at("sub").get<std::string>(), payload.at("jti").get<std::string>(),
                        payload.at("gen").get<std::string>(), *issued_at, *expires_at};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string new_token_id() {
  return crypto::random_hex(id_bytes);
}

error wrong_token() {
  return downstream_error(error_code::unauthenticated,
                          "the token is missing, wrong, expired or ended; log in");
}

std::string token_signer::sign(const token_claims& claims) const {
  jwt::jwt_object token{jwt::params::algorithm("HS256"), jwt::params::secret(secret_)};
  token.add_claim("sub", claims.subject)
      .add_claim("jti", claims.id)
      .add_claim("gen", claims.generation)
      .add_claim("iat", claims.issued_at.time_since_epoch().count())
      .add_claim("exp", claims.expires_at.time_since_epoch().count());
  return token.signature();
}

// The library compares signatures byte by byte until one differs. Signing what was claimed and
// comparing the whole in constant time leaves no room for a second spelling of the same claims, for
// more of them, or for one that is there twice.
result<token_claims> token_signer::verify(std::string_view token, wall_time now) const {
  if (!has_shape(token)) return wrong_token();
  auto claims = read_claims(token);
  if (!claims || !crypto::equal_in_constant_time(sign(*claims), token)) return wrong_token();
  const bool in_time = claims->issued_at <= now + clock_tolerance && now < claims->expires_at;
  if (!in_time) return wrong_token();
  return *std::move(claims);
}

}  // namespace baton::admin
