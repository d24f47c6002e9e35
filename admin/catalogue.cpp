#include "admin/catalogue.hpp"

#include <utility>

namespace baton::admin {

// The version is read first: what changes behind that is read again the next time.
template <class T, class Read>
result<const std::vector<T>*> catalogue::current(kept<T>& memory, Read read) {
  const auto version = store_.directory_version();
  if (!version) return version.error();
  if (memory.version != *version) {
    auto all = read();
    if (!all) return all.error();
    memory = {*version, *std::move(all)};
  }
  return &memory.all;
}

result<const std::vector<relay::api_key>*> catalogue::keys() {
  return current(keys_, [this] { return store_.keys(true); });
}

result<const std::vector<relay::account>*> catalogue::accounts() {
  return current(accounts_, [this] { return store_.accounts(); });
}

}  // namespace baton::admin
