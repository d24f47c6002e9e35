// A unit of something counted (a slot of an account, a reservation of a key), given back exactly
// once: by release(), or when the lease is destroyed, whatever happened.
#pragma once

#include <functional>
#include <utility>

namespace baton {

class lease {
 public:
  lease() = default;
  explicit lease(std::function<void()> give_back) : give_back_(std::move(give_back)) {}
  lease(lease&& other) noexcept : give_back_(std::exchange(other.give_back_, nullptr)) {}
  lease& operator=(lease&& other) noexcept {
    if (this != &other) {
      release();
      give_back_ = std::exchange(other.give_back_, nullptr);
    }
    return *this;
  }
  ~lease() { release(); }

  void release() {
    if (auto give_back = std::exchange(give_back_, nullptr)) give_back();
  }

 private:
  std::function<void()> give_back_;  // empty: nothing is held
};

}  // namespace baton
