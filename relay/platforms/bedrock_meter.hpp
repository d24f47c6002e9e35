// Counts a stream of Bedrock's frames that goes to a client of Bedrock's own API. Lives for one
// answer.
#pragma once

#include "relay/answer_meter.hpp"
#include "relay/platforms/anthropic_meter.hpp"
#include "relay/platforms/bedrock_events.hpp"

namespace baton::relay {

// The events are counted as Anthropic's. An exception is an error whose type is the exception's
// name. Frames are the events: behind a whole one, another may be put.
class bedrock_stream_meter final : public answer_meter, private aws_frame_reader::listener {
 public:
  void feed(std::string_view bytes) override;
  void finish() override {}
  std::uint64_t whole_bytes() const override { return reader_.frame_end(); }

 private:
  void on_frame(const aws_frame& frame) override;
  void count_chunk(std::string_view payload);
  void note_fault();

  aws_frame_reader reader_{*this};
  bedrock_events events_;
  std::string event_;  // the event at hand, as Anthropic's API would stream it
  anthropic_stream_meter counter_;
};

}  // namespace baton::relay
