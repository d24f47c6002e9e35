// What an operator does with keys, for the API and for the command line: checked, and written down
// in the audit log. Changes are not lost to others that are made at the same time: a conflict says
// that the key is another one than it was.
#pragma once

#include <string>
#include <string_view>

#include "admin/author.hpp"
#include "base/error.hpp"
#include "relay/api_key.hpp"
#include "storage/store.hpp"

namespace baton::admin {

// By its whole id, revoked or not: a name or a part of an id would make a path mean another key one
// day. Errors: not_found.
result<relay::api_key> find_key(storage::store& store, const std::string& id);

struct created_key {
  relay::api_key key;
  std::string text;  // secret; shown once
};

// `draft` has what the operator wants; id, hash and times are made here. Errors: invalid_argument
// naming the field, conflict for a name that is taken.
result<created_key> create_key(storage::store& store, relay::api_key draft, std::string_view prefix,
                               std::string_view encryption_key, const author& by);

// Makes `after` of `before`, which is as it was read. Returns what is stored then. Errors: as
// above; conflict, too, if it has been changed since it was read.
result<relay::api_key> change_key(storage::store& store, const relay::api_key& before,
                                  const relay::api_key& after, const author& by);

// A revoked key is kept, and its usage. Doing it again changes nothing.
result<relay::api_key> revoke_key(storage::store& store, const relay::api_key& key,
                                  const author& by);
// Errors: conflict for a key that is not revoked, and where another one has its name now.
result<relay::api_key> restore_key(storage::store& store, const relay::api_key& key,
                                   const author& by);

}  // namespace baton::admin
