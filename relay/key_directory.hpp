// All usable keys by hash: an immutable snapshot, replaced as a whole when a key changes, so that
// looking a key up needs neither a message nor a lock.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "relay/api_key.hpp"

namespace baton::relay {

using api_key_ptr = std::shared_ptr<const api_key>;

class key_directory {
 public:
  key_directory() = default;
  explicit key_directory(std::vector<api_key> keys);

  // The key with this hash (hash_key_text), or null. O(1).
  api_key_ptr find(std::string_view hash) const;
  std::size_t size() const { return by_hash_.size(); }

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, api_key_ptr, text_hash, std::equal_to<>> by_hash_;
};

using key_directory_ptr = std::shared_ptr<const key_directory>;

}  // namespace baton::relay
