#include "relay/platforms/bedrock_decoder.hpp"

namespace baton::relay {

bool bedrock_decoder::decode(std::string_view bytes, std::string& into) {
  if (broken_) return false;
  into_ = &into;
  reader_.feed(bytes);
  into_ = nullptr;
  broken_ |= reader_.failed();
  return !broken_;
}

void bedrock_decoder::on_frame(const aws_frame& frame) {
  if (broken_) return;
  switch (kind_of(frame)) {
    case bedrock_frame::chunk: broken_ = !events_.append_chunk(*into_, frame.payload); break;
    case bedrock_frame::exception: append_exception_event(*into_, frame); break;
    case bedrock_frame::other: break;
  }
}

}  // namespace baton::relay
