// Tags: words that keys and accounts have. A tag lives as long as one of them has it, or until it
// is removed if an operator has made it by itself.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "admin/author.hpp"
#include "base/error.hpp"
#include "storage/store.hpp"

namespace baton::admin {

struct tag {
  std::string name;
  std::size_t keys = 0;  // that have it and are not revoked
  std::size_t accounts = 0;
};

nlohmann::ordered_json tag_json(const tag& each);

result<std::vector<tag>> tags(storage::store& store);  // by name

// Errors: invalid_argument naming the field, conflict for one that is there.
result<tag> create_tag(storage::store& store, const std::string& name, const author& by);
// On every key and account that has it, revoked keys too. Errors: as above, not_found. A key or
// account that has both keeps one.
result<tag> rename_tag(storage::store& store, const std::string& name, const std::string& to,
                       const author& by);
result<void> remove_tag(storage::store& store, const std::string& name, const author& by);

}  // namespace baton::admin
