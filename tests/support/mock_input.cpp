#include "tests/support/mock_input.hpp"

#include <algorithm>
#include <cstring>

namespace baton::mock {

namespace {

constexpr std::size_t kept_bytes_max = 64 * 1024;

}  // namespace

void input_buffer::reserve(std::size_t bytes) {
  if (bytes > capacity_) replace(std::max(bytes, capacity_ * 2));
}

void input_buffer::consume(std::size_t bytes) {
  size_ -= bytes;
  std::memmove(data_.get(), data_.get() + bytes, size_);
  if (size_ == 0 && capacity_ > kept_bytes_max) replace(initial_bytes);
}

void input_buffer::replace(std::size_t capacity) {
  auto grown = std::make_unique<char[]>(capacity + padding_bytes);
  if (size_ != 0) std::memcpy(grown.get(), data_.get(), size_);
  data_ = std::move(grown);
  capacity_ = capacity;
}

}  // namespace baton::mock
