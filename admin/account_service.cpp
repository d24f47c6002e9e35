#include "admin/account_service.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "admin/account_fields.hpp"
#include "admin/field_error.hpp"
#include "admin/group_fields.hpp"
#include "base/crypto.hpp"
#include "relay/platform.hpp"

namespace baton::admin {
namespace {

// Those whose credential is a login (OAuth), which cannot be done yet.
constexpr std::array<std::string_view, 2> platforms_to_come = {"claude-official", "codex"};

subject about(const relay::account& account) {
  return {"account", account.id.value(), account.name};
}

subject about(const relay::account_group& group) {
  return {"group", group.id.value(), group.name};
}

result<void> check_groups(storage::store& store, const relay::account& account) {
  for (const auto& group : account.groups) {
    const auto found = store.find_group(group.value());
    if (found && found->id == group) continue;
    if (!found && found.error().code == error_code::storage_failed) return found.error();
    return field_error("groupIds", "there is no group of the id " + group.value());
  }
  return {};
}

}  // namespace

result<void> check_platform(std::string_view id) {
  if (relay::find_platform(id) != nullptr) return {};
  const auto& later = platforms_to_come;
  if (std::find(later.begin(), later.end(), id) != later.end()) {
    return downstream_error(error_code::not_implemented,
                            "The platform " + std::string(id) + " is not built yet.");
  }
  std::string allowed;
  for (const auto* each : relay::platforms()) {
    allowed.append(allowed.empty() ? "" : ", ").append(each->id());
  }
  return downstream_error(error_code::not_found,
                          "There is no such platform; there are: " + allowed);
}

result<relay::account> find_account(storage::store& store, const std::string& platform,
                                    const std::string& id) {
  auto account = store.find_account(id);
  if (!account && account.error().code != error_code::not_found) return account.error();
  if (account && account->id.value() == id && account->platform == platform) return account;
  return downstream_error(error_code::not_found, "There is no such account of " + platform + ".");
}

result<relay::account> create_account(storage::store& store, relay::account draft,
                                      const author& by) {
  if (auto done = check_platform(draft.platform); !done) return done.error();
  if (auto good = check_account(draft); !good) return good.error();
  draft.id = account_id(crypto::random_uuid());
  draft.created_at = draft.updated_at = by.now;
  relay::account nothing;
  nothing.platform = draft.platform;
  const auto entry = audit_entry(by, "account.create", about(draft),
                                 changes_between(account_fields(), nothing, draft));
  const auto done = write_down(store, entry, [&]() -> result<void> {
    if (auto known = check_groups(store, draft); !known) return known;
    return store.add_account(draft);
  });
  if (!done) return done.error();
  return draft;
}

result<relay::account> change_account(storage::store& store, const relay::account& before,
                                      const relay::account& after, const author& by,
                                      std::string_view action) {
  if (auto good = check_account(after); !good) return good.error();
  const auto entry =
      audit_entry(by, action, about(after), changes_between(account_fields(), before, after));
  const auto done = write_down(store, entry, [&]() -> result<void> {
    if (before.groups != after.groups) {
      if (auto known = check_groups(store, after); !known) return known;
    }
    return store.update_account(after, before.updated_at);
  });
  if (!done) return done.error();
  return store.find_account(after.id.value());
}

result<void> remove_account(storage::store& store, const relay::account& account,
                            const author& by) {
  const auto entry =
      audit_entry(by, "account.remove", about(account), nlohmann::ordered_json::object());
  return write_down(store, entry,
                    [&] { return store.remove_account(account.id, account.updated_at); });
}

result<relay::account_group> create_group(storage::store& store, relay::account_group draft,
                                          const author& by) {
  if (auto done = admin::check_group(draft); !done) return done.error();
  draft.id = group_id(crypto::random_uuid());
  draft.created_at = draft.updated_at = by.now;
  const auto entry = audit_entry(by, "group.create", about(draft),
                                 changes_between(group_fields(), relay::account_group(), draft));
  const auto done = write_down(store, entry, [&] { return store.add_group(draft); });
  if (!done) return done.error();
  return draft;
}

result<relay::account_group> change_group(storage::store& store, const relay::account_group& before,
                                          const relay::account_group& after, const author& by) {
  if (auto done = admin::check_group(after); !done) return done.error();
  const auto entry =
      audit_entry(by, "group.update", about(after), changes_between(group_fields(), before, after));
  const auto done =
      write_down(store, entry, [&] { return store.update_group(after, before.updated_at); });
  if (!done) return done.error();
  return store.find_group(after.id.value());
}

result<void> remove_group(storage::store& store, const relay::account_group& group,
                          const author& by) {
  const auto entry =
      audit_entry(by, "group.remove", about(group), nlohmann::ordered_json::object());
  return write_down(store, entry, [&] { return store.remove_group(group.id, group.updated_at); });
}

}  // namespace baton::admin
