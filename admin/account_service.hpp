// What an operator does with accounts and with groups of them; see admin/key_service.hpp.
#pragma once

#include <string>
#include <string_view>

#include "admin/author.hpp"
#include "base/error.hpp"
#include "relay/account.hpp"
#include "relay/account_group.hpp"
#include "storage/store.hpp"

namespace baton::admin {

// Whether the id of a platform is one that Baton can relay to. Errors: not_implemented for one that
// is known but not built yet, not_found for any other; both name it.
result<void> check_platform(std::string_view id);

// The account of that platform by its whole id. Errors: not_found.
result<relay::account> find_account(storage::store& store, const std::string& platform,
                                    const std::string& id);

// `draft` has what the operator wants; id and times are made here. Errors: invalid_argument naming
// the field, conflict for a name that is taken.
result<relay::account> create_account(storage::store& store, relay::account draft,
                                      const author& by);
// Makes `after` of `before`, which is as it was read. Errors: as above; conflict, too, if it has
// been changed since it was read. `action` is what the audit log calls it.
result<relay::account> change_account(storage::store& store, const relay::account& before,
                                      const relay::account& after, const author& by,
                                      std::string_view action = "account.update");
// Its running answers end as they would; its usage stays. Keys that are bound to it stay bound to
// nothing: nobody serves them until they are bound anew.
result<void> remove_account(storage::store& store, const relay::account& account, const author& by);

result<relay::account_group> create_group(storage::store& store, relay::account_group draft,
                                          const author& by);
result<relay::account_group> change_group(storage::store& store, const relay::account_group& before,
                                          const relay::account_group& after, const author& by);
// Errors: conflict while an account or a key refers to it.
result<void> remove_group(storage::store& store, const relay::account_group& group,
                          const author& by);

}  // namespace baton::admin
