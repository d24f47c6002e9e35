#include "net/body_buffer.hpp"

#include <algorithm>
#include <cstring>

#include "relay/api.hpp"

namespace baton::net {
namespace {

constexpr std::size_t first_capacity = 16 * 1024;

}  // namespace

bool body_buffer::reserve_more(std::size_t bytes) {
  if (capacity_ - size_ >= bytes) return true;
  const auto wanted = std::max({size_ + bytes, 2 * capacity_, first_capacity});
  if (wanted - capacity_ > budget_.left) return false;
  auto larger = std::make_unique_for_overwrite<char[]>(wanted + relay::json_padding_bytes);
  if (size_ > 0) std::memcpy(larger.get(), data_.get(), size_);
  budget_.left -= wanted - capacity_;
  data_ = std::move(larger);
  capacity_ = wanted;
  return true;
}

bool body_buffer::append(std::string_view bytes) {
  if (bytes.empty()) return true;
  if (!reserve_more(bytes.size())) return false;
  std::memcpy(data_.get() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
  return true;
}

void body_buffer::clear() {
  budget_.left += capacity_;
  data_.reset();
  size_ = capacity_ = 0;
}

}  // namespace baton::net
