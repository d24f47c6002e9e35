// Ids that cannot be mixed up: an account_id is no key_id, though both are text.
#pragma once

#include <functional>
#include <string>
#include <utility>

namespace baton {

template <class T, class Tag>
class named_type {
 public:
  named_type() = default;
  explicit named_type(T value) : value_(std::move(value)) {}

  const T& value() const { return value_; }
  friend bool operator==(const named_type&, const named_type&) = default;
  friend auto operator<=>(const named_type&, const named_type&) = default;

 private:
  T value_{};
};

using key_id = named_type<std::string, struct key_id_tag>;          // UUID
using account_id = named_type<std::string, struct account_id_tag>;  // UUID
using group_id = named_type<std::string, struct group_id_tag>;      // UUID

}  // namespace baton

template <class T, class Tag>
struct std::hash<baton::named_type<T, Tag>> {
  std::size_t operator()(const baton::named_type<T, Tag>& id) const noexcept {
    return std::hash<T>{}(id.value());
  }
};
