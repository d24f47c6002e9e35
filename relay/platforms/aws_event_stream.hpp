// application/vnd.amazon.eventstream: the binary frames in which Bedrock streams its answers
// (https://smithy.io/2.0/aws/amazon-eventstream.html).
//
//   total bytes u32 | bytes of headers u32 | CRC-32 of these | headers | payload | CRC-32 of it all
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace baton::relay {

// A frame's payload and those of its headers that say what it is; empty where there is none.
struct aws_frame {
  std::string_view message_type;  // "event", "exception" or "error"
  std::string_view event_type;
  std::string_view exception_type;
  std::string_view error_code;
  std::string_view error_message;
  std::string_view payload;
};

// Finds the frames in a stream as it passes. A frame that lies whole in the bytes fed is read where
// it lies; only one that is split is collected.
class aws_frame_reader {
 public:
  // AWS's own limits.
  static constexpr std::size_t frame_bytes_max = 16 * 1024 * 1024;
  static constexpr std::size_t headers_bytes_max = 128 * 1024;

  // Told of whole and undamaged frames. The views are valid during the call only.
  class listener {
   public:
    virtual ~listener() = default;
    virtual void on_frame(const aws_frame& frame) = 0;
  };

  explicit aws_frame_reader(listener& listener) : listener_(listener) {}

  // The next bytes, split anywhere. Nothing more is read once it failed.
  void feed(std::string_view bytes);

  // A damaged frame: where the next one would begin is unknown, so there is no going on.
  bool failed() const { return !fault_.empty(); }
  std::string_view fault() const { return fault_; }  // what is wrong; empty if nothing is

  // Whether the stream stands between two frames: nothing of an unfinished one was fed.
  bool at_frame_boundary() const { return collected_.empty() && !failed(); }

  // How many of the bytes fed belong to whole valid frames; within on_frame, to those before the
  // one at hand.
  std::uint64_t frame_end() const { return frame_end_; }

 private:
  std::size_t read_in_place(std::string_view bytes);
  std::size_t collect(std::string_view bytes);
  void read_prelude(std::string_view prelude);
  void read_frame(std::string_view frame);
  void fail(std::string_view fault);

  listener& listener_;
  std::string collected_;        // the beginning of a frame that was split
  std::size_t frame_bytes_ = 0;  // of the frame at hand, once its prelude is there
  std::size_t headers_bytes_ = 0;
  std::uint64_t frame_end_ = 0;
  std::string_view fault_;  // a literal
};

// Name and value of a header: 1 to 255 and up to 32767 bytes, of which more is cut off.
using aws_string_header = std::pair<std::string_view, std::string_view>;

// Appends a frame with these headers. It must not exceed the limits above.
void append_aws_frame(std::string& out, std::span<const aws_string_header> headers,
                      std::string_view payload);

}  // namespace baton::relay
