#include "relay/platforms/document_meter.hpp"

#include "relay/platforms/last_member.hpp"

namespace baton::relay {

void document_meter::feed(std::string_view bytes) {
  has_begun_ |= !bytes.empty();
  body_.append(bytes);
}

void document_meter::finish() {
  if (body_.too_long()) {
    read(last_member(body_.end(), usage_name()).padded());
    complete_ = false;
    skipped_ = true;
  } else {
    read(body_.padded());
  }
  body_.clear();
}

}  // namespace baton::relay
