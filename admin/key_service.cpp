#include "admin/key_service.hpp"

#include "admin/field_error.hpp"
#include "admin/key_fields.hpp"
#include "base/crypto.hpp"

namespace baton::admin {
namespace {

subject about(const relay::api_key& key) {
  return {"key", key.id.value(), key.name};
}

// What it is bound to must be there, or nobody could ever serve it.
result<void> check_binding(storage::store& store, const relay::api_key& key) {
  if (key.bound_account && !store.find_account(key.bound_account->value())) {
    return field_error("accountId", "there is no such account");
  }
  if (key.bound_group && !store.find_group(key.bound_group->value())) {
    return field_error("groupId", "there is no such group");
  }
  return {};
}

result<void> check(storage::store& store, const relay::api_key& key) {
  if (auto done = check_key(key); !done) return done;
  return check_binding(store, key);
}

result<relay::api_key> write(storage::store& store, const relay::api_key& before,
                             const relay::api_key& after, std::string_view action,
                             const author& by) {
  const auto entry =
      audit_entry(by, action, about(after), changes_between(key_fields(), before, after));
  const auto done =
      write_down(store, entry, [&] { return store.update_key(after, before.updated_at); });
  if (!done) return done.error();
  return store.find_key(after.id.value());
}

}  // namespace

result<relay::api_key> find_key(storage::store& store, const std::string& id) {
  auto key = store.find_key(id);
  if (key && key->id.value() == id) return key;
  if (!key && key.error().code != error_code::not_found) return key.error();
  return downstream_error(error_code::not_found, "There is no such key.");
}

result<created_key> create_key(storage::store& store, relay::api_key draft, std::string_view prefix,
                               std::string_view encryption_key, const author& by) {
  if (auto done = check(store, draft); !done) return done.error();
  created_key made{std::move(draft), relay::generate_key_text(prefix)};
  auto& key = made.key;
  key.id = key_id(crypto::random_uuid());
  key.hash = relay::hash_key_text(made.text, encryption_key);
  key.created_at = key.updated_at = by.now;
  const auto entry = audit_entry(by, "key.create", about(key),
                                 changes_between(key_fields(), relay::api_key(), key));
  const auto done = write_down(store, entry, [&] { return store.add_key(key); });
  if (!done) return done.error();
  return made;
}

result<relay::api_key> change_key(storage::store& store, const relay::api_key& before,
                                  const relay::api_key& after, const author& by) {
  if (auto done = check(store, after); !done) return done.error();
  return write(store, before, after, "key.update", by);
}

result<relay::api_key> revoke_key(storage::store& store, const relay::api_key& key,
                                  const author& by) {
  if (key.deleted_at) return key;
  auto revoked = key;
  revoked.deleted_at = by.now;
  return write(store, key, revoked, "key.revoke", by);
}

result<relay::api_key> restore_key(storage::store& store, const relay::api_key& key,
                                   const author& by) {
  if (!key.deleted_at) {
    return downstream_error(error_code::conflict, "this key is not revoked");
  }
  auto restored = key;
  restored.deleted_at.reset();
  return write(store, key, restored, "key.restore", by);
}

}  // namespace baton::admin
