// Makes a stream of Anthropic Messages out of Bedrock's frames. Lives for one answer.
#pragma once

#include "relay/answer_decoder.hpp"
#include "relay/platforms/bedrock_events.hpp"

namespace baton::relay {

// An exception becomes an error event. Frames of unknown kinds are passed over.
class bedrock_decoder final : public answer_decoder, private aws_frame_reader::listener {
 public:
  bool decode(std::string_view bytes, std::string& into) override;

 private:
  void on_frame(const aws_frame& frame) override;

  aws_frame_reader reader_{*this};
  bedrock_events events_;
  std::string* into_ = nullptr;  // during decode()
  bool broken_ = false;
};

}  // namespace baton::relay
