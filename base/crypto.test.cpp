#include "base/crypto.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

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
