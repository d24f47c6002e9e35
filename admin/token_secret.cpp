#include "admin/token_secret.hpp"

namespace baton::admin {
namespace {

constexpr std::string_view setting_name = "admin.jwt_secret";
constexpr std::size_t secret_bytes = 32;

}  // namespace

result<std::string> ensure_token_secret(storage::store& store,
                                        const crypto::key_256& encryption_key) {
  auto sealed = store.setting(setting_name);
  if (!sealed) return sealed.error();
  if (!*sealed) {
    const auto made = crypto::random_hex(secret_bytes);
    const auto added =
        store.add_setting(setting_name, crypto::seal(encryption_key, made, setting_name));
    if (!added) return added.error();
    if (*added) return made;
    sealed = store.setting(setting_name);  // another process was faster
    if (!sealed) return sealed.error();
  }
  return crypto::open(encryption_key, sealed->value_or(std::string()), setting_name);
}

}  // namespace baton::admin
