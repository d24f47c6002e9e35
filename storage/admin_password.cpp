#include "storage/admin_password.hpp"

#include <argon2.h>
#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <span>

#include "base/crypto.hpp"

namespace baton::storage {
namespace {

constexpr std::string_view hash_name = "admin_password_hash";
constexpr std::string_view username_name = "admin_username";

// The smaller of the settings recommended by OWASP for argon2id.
constexpr std::uint32_t passes = 2;
constexpr std::uint32_t memory_kib = 19456;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

// Nothing that looks like something else when read from a screen; 32 of them, 5 bits each.
constexpr std::string_view alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
static_assert(alphabet.size() == 32);
constexpr std::size_t generated_size = 24;

error hashing_failed(int status) {
  return internal_error(error_code::internal,
                        std::string("argon2 failed: ") + argon2_error_message(status));
}

result<void> fill_randomly(std::span<std::uint8_t> bytes) {
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1) return {};
  return internal_error(error_code::internal, "the system gives no random bytes");
}

result<std::string> hash_password(std::string_view password) {
  if (password.empty() || password.size() > password_bytes_max) {
    return downstream_error(error_code::invalid_argument,
                            "a password has 1 to " + std::to_string(password_bytes_max) + " bytes");
  }
  std::array<std::uint8_t, salt_bytes> salt;
  if (const auto filled = fill_randomly(salt); !filled) return filled.error();
  std::string encoded(
      argon2_encodedlen(passes, memory_kib, lanes, salt_bytes, hash_bytes, Argon2_id), '\0');
  const int status =
      argon2id_hash_encoded(passes, memory_kib, lanes, password.data(), password.size(),
                            salt.data(), salt.size(), hash_bytes, encoded.data(), encoded.size());
  if (status != ARGON2_OK) return hashing_failed(status);
  encoded.resize(encoded.find('\0'));
  return encoded;
}

}  // namespace

result<std::string> generate_password() {
  std::array<std::uint8_t, generated_size> random;
  if (const auto filled = fill_randomly(random); !filled) return filled.error();
  std::string password;
  for (const auto byte : random) password += alphabet[byte % alphabet.size()];
  return password;
}

result<std::optional<admin_account>> find_admin(store& store) {
  const auto username = store.setting(username_name);
  if (!username) return username.error();
  const auto hash = store.setting(hash_name);
  if (!hash) return hash.error();
  if (!*username || !*hash) return std::optional<admin_account>();
  // The hash has a salt of its own each time.
  const auto digest = crypto::sha256({**username, std::string_view("\0", 1), **hash});
  return std::optional(admin_account{**username, crypto::to_hex(std::span(digest).first(16))});
}

result<std::optional<std::string>> ensure_admin(store& store, std::string_view username,
                                                const std::optional<std::string>& password) {
  const auto present = store.setting(hash_name);
  if (!present) return present.error();
  if (*present) return std::optional<std::string>();

  const auto chosen = password ? result<std::string>(*password) : generate_password();
  if (!chosen) return chosen.error();
  const auto hash = hash_password(*chosen);
  if (!hash) return hash.error();
  // The name first: with the hash in place nobody would come back for it.
  if (const auto named = store.put_setting(username_name, username); !named) return named.error();
  const auto added = store.add_setting(hash_name, *hash);
  if (!added) return added.error();
  if (password || !*added) return std::optional<std::string>();
  return std::optional<std::string>(*chosen);
}

result<void> set_admin(store& store, std::string_view username, std::string_view password) {
  const auto hash = hash_password(password);
  if (!hash) return hash.error();
  return store.together([&]() -> result<void> {
    if (auto named = store.put_setting(username_name, username); !named) return named;
    return store.put_setting(hash_name, *hash);
  });
}

result<bool> verify_admin(store& store, std::string_view username, std::string_view password) {
  const auto expected_name = store.setting(username_name);
  if (!expected_name) return expected_name.error();
  const auto hash = store.setting(hash_name);
  if (!hash) return hash.error();
  if (!*hash || !*expected_name || password.size() > password_bytes_max) return false;
  const int status = argon2id_verify((*hash)->c_str(), password.data(), password.size());
  if (status != ARGON2_OK && status != ARGON2_VERIFY_MISMATCH) return hashing_failed(status);
  return crypto::equal_in_constant_time(**expected_name, username) && status == ARGON2_OK;
}

}  // namespace baton::storage
