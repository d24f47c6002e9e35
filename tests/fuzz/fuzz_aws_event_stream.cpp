// The reader of AWS's frames finds the same ones however a stream is cut, those that a plain
// reading finds, and those that were written.
#include <zlib.h>

#include <string>
#include <utility>
#include <vector>

#include "relay/platforms/aws_event_stream.hpp"
#include "tests/fuzz/input.hpp"

using baton::fuzz::require;
using baton::relay::append_aws_frame;
using baton::relay::aws_frame;
using baton::relay::aws_frame_reader;
using baton::relay::aws_string_header;

namespace {

class recorder : public aws_frame_reader::listener {
 public:
  explicit recorder(std::string_view stream = {}) : stream_(stream) {}

  void on_frame(const aws_frame& frame) override {
    for (const auto part : {frame.message_type, frame.event_type, frame.exception_type,
                            frame.error_code, frame.error_message, frame.payload}) {
      require(stream_.empty() || part.empty() || lies_in_stream(part), "a view into the stream");
      log += std::to_string(part.size()) + ":" + std::string(part) + "|";
    }
    log += "\n";
    ++frames;
  }

  std::string log;
  std::size_t frames = 0;

 private:
  bool lies_in_stream(std::string_view part) const {
    return part.data() >= stream_.data() && part.end() <= stream_.end();
  }

  std::string_view stream_;
};

std::size_t number_at(std::string_view bytes, std::size_t at) {
  std::size_t number = 0;
  for (const char byte : bytes.substr(at, 4))
    number = number << 8 | static_cast<std::uint8_t>(byte);
  return number;
}

std::uint32_t checksum_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

void put_checksum(std::string& stream, std::size_t begin, std::size_t at) {
  const std::uint32_t sum = checksum_of(std::string_view(stream).substr(begin, at - begin));
  for (std::size_t i = 0; i < 4; ++i) stream[at + i] = static_cast<char>(sum >> (24 - 8 * i));
}

// Right checksums for whatever lengths say it is a frame: chance would not find them.
std::string mended(std::string_view bytes) {
  std::string stream(bytes);
  for (std::size_t begin = 0; stream.size() - begin >= 16;) {
    put_checksum(stream, begin, begin + 8);
    const std::size_t frame_bytes = number_at(stream, begin);
    if (frame_bytes < 16 || frame_bytes > stream.size() - begin) break;
    put_checksum(stream, begin, begin + frame_bytes - 4);
    begin += frame_bytes;
  }
  return stream;
}

// How many whole frames with right checksums and possible lengths begin the stream, and where they
// end; their headers are not looked at.
std::pair<std::size_t, std::size_t> frames_at_most(std::string_view stream) {
  std::size_t begin = 0, count = 0;
  while (stream.size() - begin >= 16) {
    const std::size_t frame_bytes = number_at(stream, begin);
    const bool possible = frame_bytes >= 16 && frame_bytes <= stream.size() - begin &&
                          number_at(stream, begin + 4) <= frame_bytes - 16;
    if (!possible || checksum_of(stream.substr(begin, 8)) != number_at(stream, begin + 8)) break;
    const std::size_t covered = frame_bytes - 4;
    if (checksum_of(stream.substr(begin, covered)) != number_at(stream, begin + covered)) break;
    begin += frame_bytes;
    ++count;
  }
  return {count, begin};
}

void read_any_way(std::string_view stream, std::uint8_t steering) {
  recorder at_once(stream), in_pieces, of_the_beginning;
  aws_frame_reader whole(at_once), cut(in_pieces), beginning(of_the_beginning);
  whole.feed(stream);
  baton::fuzz::feed_in_pieces(stream, steering,
                              [&cut](std::string_view piece) { cut.feed(piece); });
  require(at_once.log == in_pieces.log, "the same frames however the stream is cut");
  require(whole.fault() == cut.fault(), "the same fault");
  require(whole.frame_end() == cut.frame_end(), "the same end of the last frame");
  require(whole.at_frame_boundary() == cut.at_frame_boundary(), "the same boundary");

  require(whole.frame_end() <= stream.size(), "a frame ends within the stream");
  beginning.feed(stream.substr(0, whole.frame_end()));
  require(of_the_beginning.log == at_once.log, "all frames stand before the end of the last one");
  require(beginning.at_frame_boundary(), "and nothing else does");

  const auto [count, end] = frames_at_most(stream);
  require(at_once.frames <= count && whole.frame_end() <= end, "no frame that is none");
  const bool stopped_by_headers = whole.fault().find("headers") != whole.fault().npos;
  require(stopped_by_headers || at_once.frames == count, "no frame is passed over");
}

// The input cut into headers and payloads of frames. The last header is passed over.
void write_and_read(std::string_view text, std::uint8_t steering) {
  constexpr std::string_view names[] = {":message-type", ":event-type",    ":exception-type",
                                        ":error-code",   ":error-message", ":content-type"};
  std::string stream;
  recorder expected, found;
  while (!text.empty()) {
    std::string_view values[6];
    std::vector<aws_string_header> headers;
    for (std::size_t i = 0; i < 6; ++i) {
      values[i] = text.substr(0, baton::fuzz::take_steering(text) % 8);
      text.remove_prefix(std::min(values[i].size(), text.size()));
      headers.emplace_back(names[i], values[i]);
    }
    const auto payload = text.substr(0, baton::fuzz::take_steering(text));
    text.remove_prefix(std::min(payload.size(), text.size()));
    append_aws_frame(stream, headers, payload);
    expected.on_frame({values[0], values[1], values[2], values[3], values[4], payload});
  }
  aws_frame_reader reader(found);
  baton::fuzz::feed_in_pieces(stream, steering,
                              [&reader](std::string_view piece) { reader.feed(piece); });
  require(!reader.failed() && reader.frame_end() == stream.size(), "what was written is whole");
  require(found.log == expected.log, "what was written is read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(input);
  read_any_way(input, steering);
  read_any_way(mended(input), steering);
  write_and_read(input, steering);
  return 0;
}
