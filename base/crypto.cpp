#include "base/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <limits>
#include <memory>
#include <stdexcept>

#include "base/base64.hpp"

namespace baton::crypto {
namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::string_view sealed_prefix = "v1:";
// EVP counts in int; half of that leaves room for nonce and tag.
constexpr std::size_t sealed_bytes_max = std::numeric_limits<int>::max() / 2;

struct evp_deleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using digest_context = std::unique_ptr<EVP_MD_CTX, evp_deleter>;
using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, evp_deleter>;
using mac_context = std::unique_ptr<EVP_MAC_CTX, evp_deleter>;

void require(bool succeeded, const char* step) {
  if (!succeeded) throw std::runtime_error(std::string("OpenSSL failed: ") + step);
}

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}
std::uint8_t* bytes_of(std::string& text) {
  return reinterpret_cast<std::uint8_t*>(text.data());
}

// Looking an algorithm up costs more than hashing a key's text, so each is fetched once and kept
// for the life of the process.
const EVP_MD* sha256() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(algorithm != nullptr, "SHA-256");
  return algorithm;
}

const EVP_CIPHER* aes_256_gcm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  require(algorithm != nullptr, "AES-256-GCM");
  return algorithm;
}

const EVP_MAC* hmac() {
  static const EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  require(algorithm != nullptr, "HMAC");
  return algorithm;
}

// With its hash function chosen; a key is still to come.
mac_context hmac_sha256_context() {
  char digest[] = "SHA256";
  const OSSL_PARAM choice[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, sizeof digest - 1),
      OSSL_PARAM_construct_end()};
  mac_context context(EVP_MAC_CTX_new(const_cast<EVP_MAC*>(hmac())));
  require(context != nullptr && EVP_MAC_CTX_set_params(context.get(), choice) == 1, "HMAC");
  return context;
}

void fill_randomly(std::span<std::uint8_t> bytes) {
  require(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "random bytes");
}

error cannot_open() {
  return internal_error(error_code::storage_failed,
                        "a sealed text is damaged or was sealed with another encryption key");
}

}  // namespace

sha256_digest sha256(std::span<const std::string_view> parts) {
  thread_local const digest_context context(EVP_MD_CTX_new());
  sha256_digest digest;
  bool done = context != nullptr && EVP_DigestInit_ex2(context.get(), sha256(), nullptr) == 1;
  for (const auto part : parts) {
    done = done && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  require(done && EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1, "SHA-256");
  return digest;
}

sha256_digest sha256(std::initializer_list<std::string_view> parts) {
  return sha256(std::span(parts.begin(), parts.size()));
}

std::string sha256_hex(std::string_view data) {
  return to_hex(sha256({data}));
}

sha256_digest hmac_sha256(std::span<const std::uint8_t> key,
                          std::initializer_list<std::string_view> parts) {
  thread_local const mac_context context = hmac_sha256_context();
  // Without a key OpenSSL would go on with the one before.
  static constexpr std::uint8_t no_key = 0;
  sha256_digest code;
  std::size_t written = 0;
  bool done =
      EVP_MAC_init(context.get(), key.empty() ? &no_key : key.data(), key.size(), nullptr) == 1;
  for (const auto part : parts) {
    done = done && EVP_MAC_update(context.get(), bytes_of(part), part.size()) == 1;
  }
  require(done && EVP_MAC_final(context.get(), code.data(), &written, code.size()) == 1, "HMAC");
  return code;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex(bytes.size() * 2, '\0');
  char* out = hex.data();
  for (const auto byte : bytes) {
    *out++ = digits[byte >> 4];
    *out++ = digits[byte & 15];
  }
  return hex;
}

std::string random_hex(std::size_t bytes) {
  std::string random(bytes, '\0');
  const std::span view(bytes_of(random), bytes);
  fill_randomly(view);
  return to_hex(view);
}

std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes;
  fill_randomly(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);  // RFC 4122: version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);  // and its variant
  std::string uuid = to_hex(bytes);
  for (const std::size_t dash : {8, 13, 18, 23}) uuid.insert(dash, 1, '-');
  return uuid;
}

key_256 scrypt_key(std::string_view secret, std::string_view salt) {
  constexpr std::uint64_t n = 16384, r = 8, p = 1;
  constexpr std::uint64_t memory_bytes_max = 64 << 20;  // 128 * n * r and some
  key_256 key;
  require(EVP_PBE_scrypt(secret.data(), secret.size(), bytes_of(salt), salt.size(), n, r, p,
                         memory_bytes_max, key.data(), key.size()) == 1,
          "scrypt");
  return key;
}

std::string seal(const key_256& key, std::string_view plaintext, std::string_view context) {
  require(plaintext.size() < sealed_bytes_max && context.size() < sealed_bytes_max, "text size");
  std::string sealed(nonce_bytes + plaintext.size() + tag_bytes, '\0');
  std::uint8_t* const nonce = bytes_of(sealed);
  std::uint8_t* const ciphertext = nonce + nonce_bytes;
  std::uint8_t* const tag = ciphertext + plaintext.size();
  fill_randomly({nonce, nonce_bytes});

  const cipher_context cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  require(cipher != nullptr &&
              EVP_EncryptInit_ex2(cipher.get(), aes_256_gcm(), key.data(), nonce, nullptr) == 1 &&
              EVP_EncryptUpdate(cipher.get(), nullptr, &written, bytes_of(context),
                                static_cast<int>(context.size())) == 1 &&
              EVP_EncryptUpdate(cipher.get(), ciphertext, &written, bytes_of(plaintext),
                                static_cast<int>(plaintext.size())) == 1 &&
              EVP_EncryptFinal_ex(cipher.get(), tag, &written) == 1 &&
              EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag) == 1,
          "AES-256-GCM");
  return std::string(sealed_prefix) + to_base64(sealed);
}

result<std::string> open(const key_256& key, std::string_view sealed, std::string_view context) {
  if (!sealed.starts_with(sealed_prefix) || sealed.size() > sealed_bytes_max) return cannot_open();
  std::string data;
  if (!append_base64_decoded(sealed.substr(sealed_prefix.size()), data)) return cannot_open();
  if (data.size() < nonce_bytes + tag_bytes) return cannot_open();
  const std::uint8_t* const nonce = bytes_of(data);
  const std::uint8_t* const ciphertext = nonce + nonce_bytes;
  std::string plaintext(data.size() - nonce_bytes - tag_bytes, '\0');
  std::uint8_t* const tag = bytes_of(data) + nonce_bytes + plaintext.size();

  const cipher_context cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  require(cipher != nullptr &&
              EVP_DecryptInit_ex2(cipher.get(), aes_256_gcm(), key.data(), nonce, nullptr) == 1 &&
              EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag) == 1 &&
              EVP_DecryptUpdate(cipher.get(), nullptr, &written, bytes_of(context),
                                static_cast<int>(context.size())) == 1 &&
              EVP_DecryptUpdate(cipher.get(), bytes_of(plaintext), &written, ciphertext,
                                static_cast<int>(plaintext.size())) == 1,
          "AES-256-GCM");
  // The last step compares the tag: nothing of `plaintext` may be used unless it succeeds.
  if (EVP_DecryptFinal_ex(cipher.get(), tag, &written) != 1) return cannot_open();
  return plaintext;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace baton::crypto
