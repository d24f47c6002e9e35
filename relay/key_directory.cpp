#include "relay/key_directory.hpp"

namespace baton::relay {

key_directory::key_directory(std::vector<api_key> keys) {
  by_hash_.reserve(keys.size());
  for (auto& key : keys) {
    auto hash = key.hash;
    by_hash_.emplace(std::move(hash), std::make_shared<const api_key>(std::move(key)));
  }
}

api_key_ptr key_directory::find(std::string_view hash) const {
  const auto entry = by_hash_.find(hash);
  return entry == by_hash_.end() ? nullptr : entry->second;
}

}  // namespace baton::relay
