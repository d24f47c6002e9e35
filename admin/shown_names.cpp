#include "admin/shown_names.hpp"

namespace baton::admin {

shown_names::shown_names(const std::vector<relay::api_key>& keys,
                         const std::vector<relay::account>& accounts) {
  for (const auto& key : keys) {
    keys_[key.id.value()] = key.deleted_at ? key.name + " (revoked)" : key.name;
  }
  for (const auto& account : accounts) accounts_[account.id.value()] = account.name;
}

std::string shown_names::of(relay::usage_group group, const std::string& id) const {
  if (group == relay::usage_group::key) return key(id);
  if (group == relay::usage_group::account) return account(id);
  return id;
}

std::string shown_names::found(const by_id& all, const std::string& id) {
  const auto known = all.find(id);
  if (known != all.end()) return known->second;
  return id.empty() ? "(none)" : id.substr(0, 8);
}

}  // namespace baton::admin
