#include "relay/platforms/document_meter.hpp"

#include "relay/api.hpp"

namespace baton::relay {

void document_meter::feed(std::string_view bytes) {
  has_begun_ |= !bytes.empty();
  if (too_large_) return;
  if (bytes.size() > body_bytes_max - body_.size()) {
    too_large_ = true;
    std::string().swap(body_);
    return;
  }
  body_.append(bytes);
}

void document_meter::finish() {
  const std::size_t body_bytes = body_.size();
  body_.append(json_padding_bytes, '\0');
  read(std::string_view(body_).substr(0, body_bytes));
  std::string().swap(body_);
}

}  // namespace baton::relay
