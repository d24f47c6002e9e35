#include "base/crypto.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace baton::crypto {
namespace {

constexpr std::string_view context = "account:1:api_key";

key_256 key_of(std::uint8_t byte) {
  key_256 key;
  key.fill(byte);
  return key;
}

bool is_lowercase_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

TEST(sha256, gives_the_published_digests) {  // FIPS 180-4 examples
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(sha256, hashes_a_key_as_v1_does) {  // Node: createHash('sha256').update(key + encryptionKey)
  const std::string key = "cr_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  EXPECT_EQ(sha256_hex(key + "baton-test-encryption-key-32char"),
            "b882566254d6a0f9b92e7c54eb2b6b5f227af0d5fda1ce81e344147ddeed112b");
}

TEST(sha256, gives_the_same_digest_on_every_thread) {
  std::string there;
  std::thread([&] { there = sha256_hex("abc"); }).join();
  EXPECT_EQ(there, sha256_hex("abc"));
}

TEST(sha256, does_not_care_how_the_data_is_cut) {
  const std::vector<std::string_view> pieces = {"", "a", "b", "", "c"};
  EXPECT_EQ(sha256(std::span(pieces)), sha256({"abc"}));
  EXPECT_EQ(sha256({}), sha256({""}));
}

std::string hmac_hex(std::string_view key, std::initializer_list<std::string_view> parts) {
  return to_hex(
      hmac_sha256({reinterpret_cast<const std::uint8_t*>(key.data()), key.size()}, parts));
}

// RFC 4231, section 4; its fifth case shows a truncated code.
TEST(hmac_sha256, gives_the_published_codes) {
  EXPECT_EQ(hmac_hex(std::string(20, '\x0b'), {"Hi There"}),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_hex("Jefe", {"what do ya want ", "for nothing?"}),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_hex(std::string(20, '\xaa'), {std::string(50, '\xdd')}),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  std::string counting;
  for (char byte = 1; byte <= 25; ++byte) counting += byte;
  EXPECT_EQ(hmac_hex(counting, {std::string(50, '\xcd')}),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  EXPECT_EQ(hmac_hex(std::string(20, '\x0c'), {"Test With Truncation"}).substr(0, 32),
            "a3b6167473100ee06e0c796c2955552b");
  EXPECT_EQ(hmac_hex(std::string(131, '\xaa'),
                     {"Test Using Larger Than Block-Size Key - Hash Key First"}),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac_hex(std::string(131, '\xaa'),
                     {"This is a test using a larger than block-size key and a larger than "
                      "block-size data. The key needs to be hashed before being used by the "
                      "HMAC algorithm."}),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(hmac_sha256, takes_an_empty_key_and_no_data) {
  hmac_hex("the key before", {"x"});
  EXPECT_EQ(hmac_hex("", {}), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(hex, writes_two_lowercase_digits_for_each_byte) {
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(to_hex(std::array<std::uint8_t, 4>{0x00, 0x0f, 0xa0, 0xff}), "000fa0ff");
}

TEST(random, gives_a_new_text_of_the_asked_length_each_time) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto text = random_hex(32);
    ASSERT_EQ(text.size(), 64u);
    ASSERT_TRUE(is_lowercase_hex(text));
    ASSERT_TRUE(seen.insert(text).second);
  }
  EXPECT_EQ(random_hex(0), "");
}

TEST(random, gives_uuids_of_version_4) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto uuid = random_uuid();
    ASSERT_EQ(uuid.size(), 36u);
    for (const std::size_t dash : {8, 13, 18, 23}) ASSERT_EQ(uuid[dash], '-');
    ASSERT_EQ(uuid[14], '4');
    ASSERT_NE(std::string_view("89ab").find(uuid[19]), std::string_view::npos);
    ASSERT_TRUE(seen.insert(uuid).second);
  }
}

TEST(scrypt, gives_the_first_half_of_the_published_key) {
  // RFC 7914 section 12, third vector: N = 16384, r = 8, p = 1, 64 bytes.
  EXPECT_EQ(to_hex(scrypt_key("pleaseletmein", "SodiumChloride")),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
}

TEST(scrypt, takes_empty_texts) {  // Node: scryptSync('', '', 32)
  EXPECT_EQ(to_hex(scrypt_key("", "")),
            "d72c87d0f077c7766f2985dfab30e8955c373a13a1e93d315203939f542ff86e");
  EXPECT_EQ(scrypt_key({}, {}), scrypt_key("", ""));
}

TEST(sealed_text, opens_to_what_was_sealed) {
  std::string every_byte;
  for (int c = 0; c < 256; ++c) every_byte += static_cast<char>(c);
  for (const std::string& plaintext :
       {std::string(), std::string("x"), every_byte, std::string(100'000, 'a')}) {
    const auto opened = open(key_of(7), seal(key_of(7), plaintext, context), context);
    ASSERT_TRUE(opened);
    EXPECT_EQ(*opened, plaintext);
  }
}

TEST(sealed_text, opens_when_another_program_sealed_it) {
  // Node: createCipheriv('aes-256-gcm', 32 x 07, 12 x 09), setAAD(context).
  const auto opened =
      open(key_of(7), "v1:CQkJCQkJCQkJCQkJVO6p59uTswTUuwxGcEx3mGNBTrPFkGfBWw==", context);
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, "sk-secret");
}

TEST(sealed_text, differs_each_time_and_hides_the_plaintext) {
  const auto first = seal(key_of(7), "sk-secret", context);
  EXPECT_NE(first, seal(key_of(7), "sk-secret", context));
  EXPECT_EQ(first.find("sk-secret"), std::string::npos);
  EXPECT_TRUE(first.starts_with("v1:"));
}

TEST(sealed_text, does_not_open_with_another_key_or_context) {
  const auto sealed = seal(key_of(7), "sk-secret", context);
  for (const auto& opened :
       {open(key_of(8), sealed, context), open(key_of(7), sealed, "account:2:api_key"),
        open(key_of(7), sealed, "")}) {
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, error_code::storage_failed);
    EXPECT_EQ(opened.error().text.find("sk-secret"), std::string::npos);
  }
}

TEST(sealed_text, does_not_open_when_any_character_was_changed) {
  for (const std::string_view plaintext : {"sk-secret", "sk-secret!", "sk-secret!!"}) {
    const auto sealed = seal(key_of(7), plaintext, context);
    for (std::size_t at = 0; at < sealed.size(); ++at) {
      for (const char replacement : {'A', 'B', '=', ' ', '\0', '\n', '\xff'}) {
        if (sealed[at] == replacement) continue;
        auto changed = sealed;
        changed[at] = replacement;
        ASSERT_FALSE(open(key_of(7), changed, context)) << at;
      }
    }
  }
}

TEST(sealed_text, does_not_open_when_cut_or_lengthened) {
  const auto sealed = seal(key_of(7), "sk-secret", context);
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    ASSERT_FALSE(open(key_of(7), std::string_view(sealed).substr(0, size), context)) << size;
  }
  for (const std::string_view more : {"A", "AAAA", "====", " ", "\n", "    "}) {
    ASSERT_FALSE(open(key_of(7), sealed + std::string(more), context)) << more;
  }
}

TEST(sealed_text, refuses_garbage) {
  for (const std::string_view garbage :
       {"", "v1:", "v1", "sk-plain", "v2:AAAA", "v1:====", "v1:=", "v1:!!!!",
        "v1:    ", "v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_FALSE(open(key_of(7), garbage, context)) << garbage;
  }
}

TEST(constant_time_comparison, tells_equal_from_different) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
  EXPECT_FALSE(equal_in_constant_time("", "a"));
}

}  // namespace
}  // namespace baton::crypto
