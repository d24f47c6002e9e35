// A request body in memory, growing as its bytes arrive, so that a length a client merely claims
// costs nothing. All bodies of a worker together are bounded by its budget.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace baton::net {

struct byte_budget {
  std::uint64_t left = 0;
};

class body_buffer {
 public:
  explicit body_buffer(byte_budget& budget) : budget_(budget) {}
  body_buffer(const body_buffer&) = delete;
  body_buffer& operator=(const body_buffer&) = delete;
  ~body_buffer() { clear(); }

  // Room for at least `bytes` more; false when the worker's budget is used up.
  bool reserve_more(std::size_t bytes);
  std::span<char> free_space() { return {data_.get() + size_, capacity_ - size_}; }
  void grow(std::size_t bytes) { size_ += bytes; }  // bytes were written into free_space()
  bool append(std::string_view bytes);              // false: as reserve_more()

  // With relay::json_padding_bytes readable behind it.
  std::string_view view() const { return {data_.get(), size_}; }
  std::size_t size() const { return size_; }
  void clear();

 private:
  byte_budget& budget_;
  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  // without the padding
};

}  // namespace baton::net
