// The few cryptographic steps Baton needs, on OpenSSL 3. Failures of the library itself (out of
// memory, no random source) throw std::runtime_error: nothing sensible can go on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace baton::crypto {

using key_256 = std::array<std::uint8_t, 32>;

using sha256_digest = std::array<std::uint8_t, 32>;
// Of the parts, one after the other.
sha256_digest sha256(std::span<const std::string_view> parts);
sha256_digest sha256(std::initializer_list<std::string_view> parts);
std::string sha256_hex(std::string_view data);  // lowercase
// HMAC (RFC 2104) with SHA-256, of the parts one after the other. The key may have any length.
sha256_digest hmac_sha256(std::span<const std::uint8_t> key,
                          std::initializer_list<std::string_view> parts);
std::string to_hex(std::span<const std::uint8_t> bytes);  // lowercase
std::string random_hex(std::size_t bytes);
std::string random_uuid();  // version 4, lowercase

// scrypt (RFC 7914) with N = 16384, r = 8, p = 1: Node's defaults, which v1 uses.
key_256 scrypt_key(std::string_view secret, std::string_view salt);

// AES-256-GCM with a random nonce; `context` is authenticated, so that a value cannot be moved to
// another row. Sealed text is "v1:" + base64(nonce | ciphertext | tag).
std::string seal(const key_256& key, std::string_view plaintext, std::string_view context);
// Errors: storage_failed when the text was not sealed with this key and context.
result<std::string> open(const key_256& key, std::string_view sealed, std::string_view context);

// Compares without telling by its duration where the texts differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace baton::crypto
