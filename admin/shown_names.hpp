// Names of keys and accounts by their ids, for people.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "relay/account.hpp"
#include "relay/api_key.hpp"
#include "relay/usage_period.hpp"

namespace baton::admin {

// What is gone is shown by the start of its id, a revoked key with a word of that.
class shown_names {
 public:
  // All of them, revoked keys too.
  shown_names(const std::vector<relay::api_key>& keys, const std::vector<relay::account>& accounts);

  std::string key(const std::string& id) const { return found(keys_, id); }
  std::string account(const std::string& id) const { return found(accounts_, id); }
  // Of a key or an account; of anything else as it is.
  std::string of(relay::usage_group group, const std::string& id) const;

 private:
  using by_id = std::map<std::string, std::string>;
  static std::string found(const by_id& all, const std::string& id);

  by_id keys_, accounts_;
};

}  // namespace baton::admin
