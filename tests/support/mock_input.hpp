// Received bytes in one piece, with room behind them for the next read and for simdjson.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace baton::mock {

class input_buffer {
 public:
  static constexpr std::size_t initial_bytes = 4096;
  static constexpr std::size_t padding_bytes = 64;

  input_buffer() { replace(initial_bytes); }

  char* data() { return data_.get(); }
  std::size_t size() const { return size_; }
  std::string_view view() const { return {data_.get(), size_}; }
  // Bytes that may be read from data() on, used or not.
  std::size_t readable_bytes() const { return capacity_ + padding_bytes; }

  char* free_space() { return data_.get() + size_; }
  std::size_t free_bytes() const { return capacity_ - size_; }
  void commit(std::size_t bytes) { size_ += bytes; }

  // Makes room for `bytes` altogether; moves the data.
  void reserve(std::size_t bytes);
  // Drops bytes from the front; gives a big buffer back once it is empty.
  void consume(std::size_t bytes);
  void clear() { consume(size_); }

 private:
  void replace(std::size_t capacity);

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace baton::mock
