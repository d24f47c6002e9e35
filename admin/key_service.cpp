#include "admin/key_service.hpp"

#include "admin/field_error.hpp"
#include "admin/key_fields.hpp"
#include "base/crypto.hpp"

namespace baton::admin {
namespace {

subject about(const relay::api_key& key) {
  return {"key", key.id.value(), key.name};
}

// What it is bound to must be there, under its whole id, or nobody could ever serve it. Errors:
// those of the store, too.
template <class Id, class Object>
result<void> check_bound(const Id& id, const result<Object>& found, std::string_view field) {
  if (found && found->id == id) return {};
  if (!found && found.error().code != error_code::not_found &&
      found.error().code != error_code::conflict) {
    return found.error();
  }
  return field_error(field, "there is none of this id");
}

result<void> check_binding(storage::store& store, const relay::api_key& key) {
  if (key.bound_account) {
    auto known = check_bound(*key.bound_account, store.find_account(key.bound_account->value()),
                             "accountId");
    if (!known) return known;
  }
  if (!key.bound_group) return {};
  return check_bound(*key.bound_group, store.find_group(key.bound_group->value()), "groupId");
}

bool is_bound_alike(const relay::api_key& a, const relay::api_key& b) {
  return a.bound_account == b.bound_account && a.bound_group == b.bound_group;
}

// What is checked holds until it is written: both are one transaction.
template <class Check>
result<relay::api_key> write(storage::store& store, const relay::api_key& before,
                             const relay::api_key& after, std::string_view action, const author& by,
                             Check check) {
  const auto entry =
      audit_entry(by, action, about(after), changes_between(key_fields(), before, after));
  const auto done = write_down(store, entry, [&]() -> result<void> {
    if (const result<void> good = check(); !good) return good;
    return store.update_key(after, before.updated_at);
  });
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
  if (auto good = check_key(draft); !good) return good.error();
  created_key made{std::move(draft), relay::generate_key_text(prefix)};
  auto& key = made.key;
  key.id = key_id(crypto::random_uuid());
  key.hash = relay::hash_key_text(made.text, encryption_key);
  key.created_at = key.updated_at = by.now;
  const auto entry = audit_entry(by, "key.create", about(key),
                                 changes_between(key_fields(), relay::api_key(), key));
  const auto done = write_down(store, entry, [&]() -> result<void> {
    if (auto bound = check_binding(store, key); !bound) return bound;
    return store.add_key(key);
  });
  if (!done) return done.error();
  return made;
}

// A key whose account has been removed can still be changed in other things, and switched off.
result<relay::api_key> change_key(storage::store& store, const relay::api_key& before,
                                  const relay::api_key& after, const author& by) {
  if (auto good = check_key(after); !good) return good.error();
  return write(store, before, after, "key.update", by, [&]() -> result<void> {
    return is_bound_alike(before, after) ? result<void>() : check_binding(store, after);
  });
}

result<relay::api_key> revoke_key(storage::store& store, const relay::api_key& key,
                                  const author& by) {
  if (key.deleted_at) return key;
  auto revoked = key;
  revoked.deleted_at = by.now;
  return write(store, key, revoked, "key.revoke", by, [] { return result<void>(); });
}

result<relay::api_key> restore_key(storage::store& store, const relay::api_key& key,
                                   const author& by) {
  if (!key.deleted_at) {
    return downstream_error(error_code::conflict, "this key is not revoked");
  }
  auto restored = key;
  restored.deleted_at.reset();
  return write(store, key, restored, "key.restore", by, [&]() -> result<void> {
    const auto bound = check_binding(store, restored);
    if (bound || field_of(bound.error()).empty()) return bound;
    return downstream_error(error_code::conflict,
                            "what this key is bound to is gone (" + bound.error().text + ")");
  });
}

}  // namespace baton::admin
