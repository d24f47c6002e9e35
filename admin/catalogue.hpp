// Keys and accounts as they are stored, kept in memory for lists of them: reading ten thousand keys
// takes longer than a page of them may.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "relay/account.hpp"
#include "relay/api_key.hpp"
#include "storage/store.hpp"

namespace baton::admin {

class catalogue {
 public:
  explicit catalogue(storage::store& store) : store_(store) {}

  // By name, deleted keys too. What is given is as stored now, and stays until the next call.
  // Errors: the store's.
  result<const std::vector<relay::api_key>*> keys();
  result<const std::vector<relay::account>*> accounts();

 private:
  template <class T>
  struct kept {
    std::optional<std::int64_t> version;  // of the directory, when these were read
    std::vector<T> all;
  };
  template <class T, class Read>
  result<const std::vector<T>*> current(kept<T>& memory, Read read);

  storage::store& store_;
  kept<relay::api_key> keys_;
  kept<relay::account> accounts_;
};

}  // namespace baton::admin
