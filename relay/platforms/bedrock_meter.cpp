#include "relay/platforms/bedrock_meter.hpp"

namespace baton::relay {

void bedrock_stream_meter::feed(std::string_view bytes) {
  reader_.feed(bytes);
  if (reader_.failed()) note_fault();
}

void bedrock_stream_meter::on_frame(const aws_frame& frame) {
  if (malformed_) return;
  switch (kind_of(frame)) {
    case bedrock_frame::chunk: count_chunk(frame.payload); break;
    case bedrock_frame::exception:
      has_begun_ = true;
      failed_ = ended_ = true;
      error_type_ = exception_name(frame);
      break;
    case bedrock_frame::other: break;
  }
}

void bedrock_stream_meter::count_chunk(std::string_view payload) {
  event_.clear();
  if (!events_.append_chunk(event_, payload)) return note_fault();
  counter_.feed(event_);
  usage_ = counter_.usage();
  untold_bytes_ = counter_.untold_bytes();
  tier_ = counter_.tier();
  model_ = counter_.model();
  complete_ = counter_.complete();
  ended_ |= counter_.ended();
  skipped_ = counter_.skipped();
  has_begun_ |= counter_.has_begun();
  // What comes behind an exception is no content.
  has_content_ |= !failed_ && counter_.has_content();
  if (counter_.failed() && !failed_) {
    failed_ = true;
    error_type_ = counter_.error_type();
  }
}

void bedrock_stream_meter::note_fault() {
  if (malformed_) return;
  malformed_ = true;
  bytes_before_fault_ = reader_.frame_end();
}

}  // namespace baton::relay
