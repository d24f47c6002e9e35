// Values by text, of which only those used last are kept.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace baton::admin {

template <class Value>
class recent_map {
 public:
  explicit recent_map(std::size_t size_max) : size_max_(size_max) {}

  // Null if there is none. Not a use.
  Value* find(const std::string& key) {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &found->second->second;
  }

  // A use. What is new takes the place of what was used longest ago, if there is no other.
  Value& use(const std::string& key) {
    if (const auto found = places_.find(key); found != places_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return found->second->second;
    }
    if (entries_.size() == size_max_) erase(std::string(entries_.back().first));
    entries_.emplace_front(key, Value{});
    places_.emplace(key, entries_.begin());
    return entries_.front().second;
  }

  void erase(const std::string& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    entries_.erase(found->second);
    places_.erase(found);
  }

  std::size_t size() const { return entries_.size(); }

 private:
  using entry = std::pair<std::string, Value>;

  std::size_t size_max_;
  std::list<entry> entries_;  // what was used last is first
  std::unordered_map<std::string, typename std::list<entry>::iterator> places_;
};

}  // namespace baton::admin
