#include "admin/token.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/crypto.hpp"

namespace baton::admin {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view secret = "a secret of thirty-two characters";
constexpr auto hs256 = R"({"alg":"HS256","typ":"JWT"})";

std::string base64url(std::string_view bytes) {
  auto encoded = to_base64(bytes);
  encoded.erase(encoded.find_last_not_of('=') + 1);
  std::replace(encoded.begin(), encoded.end(), '+', '-');
  std::replace(encoded.begin(), encoded.end(), '/', '_');
  return encoded;
}

// Made by hand, as a forger would, who may even know the secret.
std::string forged(std::string_view head, std::string_view payload, std::string_view key = secret) {
  const auto text = base64url(head) + '.' + base64url(payload);
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(key.data()), key.size());
  const auto mac = crypto::hmac_sha256(bytes, {text});
  return text + '.' + base64url({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

class token : public ::testing::Test {
 protected:
  const wall_time now_{std::chrono::sys_days(std::chrono::year(2026) / 11 / 25)};
  const token_claims claims_{"admin", "0123456789abcdef0123456789abcdef", "5eed",
                             std::chrono::floor<std::chrono::seconds>(now_),
                             std::chrono::floor<std::chrono::seconds>(now_) + 24h};
  const token_signer signer_{std::string(secret)};
  const std::string good_ = signer_.sign(claims_);

  // As sign() spells it: names in order, no blanks.
  nlohmann::json payload() const {
    return {{"sub", claims_.subject},
            {"jti", claims_.id},
            {"gen", claims_.generation},
            {"iat", claims_.issued_at.time_since_epoch().count()},
            {"exp", claims_.expires_at.time_since_epoch().count()}};
  }

  void expect_refused(std::string_view text) const {
    const auto refused = signer_.verify(text, now_);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, error_code::unauthenticated);
    EXPECT_EQ(refused.error().text, wrong_token().text);
  }
};

TEST_F(token, says_what_was_signed) {
  EXPECT_EQ(signer_.verify(good_, now_).value(), claims_);
  EXPECT_EQ(forged(hs256, payload().dump()), good_) << "is a JWT as others make it";
}

TEST_F(token, keeps_names_in_any_language) {
  auto claims = claims_;
  claims.subject = "Zoë \"Ω\"\\ 管理员";
  EXPECT_EQ(signer_.verify(signer_.sign(claims), now_).value(), claims);
}

TEST_F(token, ids_are_128_random_bits) {
  EXPECT_EQ(new_token_id().size(), 32u);
  EXPECT_NE(new_token_id(), new_token_id());
}

TEST_F(token, is_good_up_to_its_end_only) {
  EXPECT_TRUE(signer_.verify(good_, claims_.expires_at - 1ms));
  EXPECT_FALSE(signer_.verify(good_, claims_.expires_at));
  EXPECT_FALSE(signer_.verify(good_, claims_.expires_at + 24h * 365));
}

TEST_F(token, from_the_future_is_refused) {
  EXPECT_TRUE(signer_.verify(good_, now_ - 1min));
  EXPECT_FALSE(signer_.verify(good_, now_ - 1min - 1ms));
}

TEST_F(token, of_another_key_is_refused) {
  expect_refused(token_signer("another secret of some characters").sign(claims_));
  expect_refused(forged(hs256, payload().dump(), ""));
}

TEST_F(token, with_any_bit_changed_is_refused) {
  for (std::size_t at = 0; at < good_.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = good_;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      expect_refused(changed);
    }
  }
}

TEST_F(token, that_is_cut_or_followed_by_more_is_refused) {
  for (std::size_t size = 0; size < good_.size(); ++size) expect_refused(good_.substr(0, size));
  for (const auto* more : {" ", "\n", "=", "A", ".", ".A", "..", "%00"}) {
    expect_refused(good_ + more);
    expect_refused(more + good_);
  }
  expect_refused(good_ + std::string(1, '\0'));
  expect_refused(good_ + good_);
}

TEST_F(token, chooses_no_algorithm) {
  const auto body = payload().dump();
  for (const auto* head :
       {R"({"alg":"none","typ":"JWT"})", R"({"alg":"None"})", R"({"alg":"NONE","typ":"JWT"})",
        R"({"alg":"HS384","typ":"JWT"})", R"({"alg":"RS256","typ":"JWT"})",
        R"({"alg":"ES256","typ":"JWT"})", R"({"alg":"hs256","typ":"JWT"})", R"({"typ":"JWT"})",
        R"({"alg":1})", R"({"alg":"","typ":""})", R"({"alg":"HS256","typ":"other"})",
        R"({"alg":"HS256"})", R"({"alg":"HS256","typ":"JWT","kid":"../../etc/passwd"})",
        R"({ "alg":"HS256","typ":"JWT"})", "[]", "", "null", "\"HS256\"", "{"}) {
    expect_refused(forged(head, body));
    expect_refused(base64url(head) + '.' + base64url(body) + '.');
    expect_refused(base64url(head) + '.' + base64url(body));
  }
}

TEST_F(token, without_one_of_its_claims_is_refused) {
  for (const auto* name : {"sub", "jti", "gen", "iat", "exp"}) {
    auto lacking = payload();
    lacking.erase(name);
    expect_refused(forged(hs256, lacking.dump()));
  }
}

TEST_F(token, with_a_claim_of_another_kind_is_refused) {
  for (const auto* name : {"sub", "jti", "gen", "iat", "exp"}) {
    for (const auto& value : std::vector<nlohmann::json>{
             nullptr, true, 1.5, 1e300, -1, 9223372036854775807, 18446744073709551615u,
             nlohmann::json::array(), nlohmann::json::object(), "9999999999"}) {
      auto odd = payload();
      if (value.is_string() && odd[name].is_string()) continue;
      odd[name] = value;
      expect_refused(forged(hs256, odd.dump()));
    }
  }
}

TEST_F(token, with_a_claim_more_or_twice_is_refused) {
  auto more = payload();
  more["role"] = "root";
  expect_refused(forged(hs256, more.dump()));

  const auto body = payload().dump();
  expect_refused(forged(hs256, R"({"exp":99999999999,)" + body.substr(1)));
  expect_refused(forged(hs256, body.substr(0, body.size() - 1) + R"(,"exp":99999999999})"));
  expect_refused(forged(hs256, body.substr(0, body.size() - 1) + R"(,"sub":"admin"})"));
}

TEST_F(token, whose_payload_is_no_object_is_refused) {
  for (const auto* body : {"", "null", "[]", "[[[[", "1", "\"sub\"", "{", "{}", "{}{}", "\xff\xfe",
                           "[{\"sub\":1}]", " {}"}) {
    expect_refused(forged(hs256, body));
  }
  expect_refused(forged(hs256, std::string(2000, '[')));
}

TEST_F(token, spelled_in_another_way_is_refused) {
  expect_refused(forged(hs256, payload().dump(1)));
  // The last letter of 32 bytes has two bits that mean nothing.
  auto other = good_;
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  other.back() = letters[letters.find(other.back()) ^ 1];
  expect_refused(other);
}

TEST_F(token, that_is_none_is_refused) {
  for (const auto* text : {"", ".", "..", "...", "a.b.c", "Bearer x", "cr_0123456789"}) {
    expect_refused(text);
  }
  std::string every_byte = good_.substr(0, good_.find('.') + 1);
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  expect_refused(every_byte);
  expect_refused(good_.substr(0, good_.find('.') + 1) + "\x80\xff.\xc0");
}

TEST_F(token, that_is_huge_is_refused) {
  auto claims = claims_;
  claims.subject.assign(token_bytes_max, 'x');
  expect_refused(signer_.sign(claims));
  expect_refused(std::string(10 << 20, 'A'));
}

}  // namespace
}  // namespace baton::admin
