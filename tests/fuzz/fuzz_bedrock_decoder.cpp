// Bedrock's frames come to the same events however they are cut, whatever is in them: events that
// the meter of Anthropic's stream takes. The meter of the frames counts the same. And the body of a
// request to Anthropic Messages, edited for Bedrock, is JSON without `model` and `stream`.
#include <zlib.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "base/base64.hpp"
#include "relay/platforms/anthropic_meter.hpp"
#include "relay/platforms/anthropic_request.hpp"
#include "relay/platforms/bedrock_body.hpp"
#include "relay/platforms/bedrock_decoder.hpp"
#include "relay/platforms/bedrock_meter.hpp"
#include "tests/fuzz/input.hpp"

using baton::fuzz::require;
using namespace baton::relay;

namespace {

std::size_t number_at(std::string_view bytes, std::size_t at) {
  std::size_t number = 0;
  for (const char byte : bytes.substr(at, 4)) {
    number = number << 8 | static_cast<std::uint8_t>(byte);
  }
  return number;
}

void put_checksum(std::string& stream, std::size_t begin, std::size_t at) {
  const auto sum = static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(stream.data() + begin), at - begin));
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

// The lines of the text as the JSON of events, and as exceptions' payloads.
std::string framed(std::string_view text) {
  std::string stream;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::array<aws_string_header, 2> chunk = {
        {{":message-type", "event"}, {":event-type", "chunk"}}};
    const std::array<aws_string_header, 2> exception = {
        {{":message-type", "exception"}, {":exception-type", line.substr(0, 40)}}};
    if (line.starts_with('!')) {
      append_aws_frame(stream, exception, line.substr(1));
    } else if (line.starts_with('?')) {
      append_aws_frame(stream, chunk, line.substr(1));
    } else {
      append_aws_frame(stream, chunk, "{\"bytes\":\"" + baton::to_base64(line) + "\"}");
    }
  }
  return stream;
}

void require_same_count(const answer_meter& frames, const answer_meter& events, bool whole) {
  require(frames.usage() == events.usage(), "the same usage");
  require(frames.model() == events.model(), "the same model");
  require(frames.complete() == events.complete(), "the same end");
  require(frames.has_begun() == events.has_begun(), "the same beginning");
  require(frames.has_content() == events.has_content(), "the same content");
  require(frames.failed() == events.failed(), "the same failure");
  require(frames.malformed() == !whole, "a fault where the decoder finds one");
}

void decode_any_way(std::string_view stream, std::uint8_t steering) {
  bedrock_decoder whole, cut;
  std::string events, events_of_pieces;
  const bool is_whole = whole.decode(stream, events);
  bool is_whole_in_pieces = true;
  baton::fuzz::feed_in_pieces(stream, steering, [&](std::string_view piece) {
    is_whole_in_pieces = cut.decode(piece, events_of_pieces);
  });
  require(stream.empty() || is_whole == is_whole_in_pieces, "the same fault however it is cut");
  require(events == events_of_pieces, "the same events however they are cut");

  anthropic_stream_meter counted;
  counted.feed(events);
  require(!counted.malformed(), "events that a client takes");
  require(counted.whole_bytes() == events.size(), "whole events");

  bedrock_stream_meter frames;
  baton::fuzz::feed_in_pieces(stream, steering,
                              [&](std::string_view piece) { frames.feed(piece); });
  require_same_count(frames, counted, is_whole);
  require(frames.bytes_before_fault() <= frames.whole_bytes(), "a fault comes in order");
  require(frames.whole_bytes() <= stream.size(), "no frame beyond the stream");
}

class one_header final : public header_source {
 public:
  explicit one_header(std::string_view value) : value_(value) {}
  std::string_view find(std::string_view) const override { return value_; }

 private:
  std::string_view value_;
};

constexpr route messages{"POST", "/", operation::generate, nullptr, "/", "messages"};

void edit_body(std::string_view text, std::uint8_t steering) {
  const baton::fuzz::padded_copy body(text, steering);
  const auto facts = inspect_anthropic_request(body.view());
  if (!facts) return;
  const ready_account account;
  const one_header headers(text.substr(0, steering));
  body_edits edits;
  edit_bedrock_body(edits, {.account = account,
                            .route = messages,
                            .facts = *facts,
                            .headers = headers,
                            .parameter = {},
                            .query = {},
                            .model = facts->model});
  std::string edited;
  std::size_t taken = 0;
  for (const auto& each : edits.list) {
    require(each.offset >= taken, "edits in order");
    edited.append(body.view().substr(taken, each.offset - taken)).append(each.text);
    taken = each.offset + each.removed_bytes;
    require(taken <= text.size(), "edits within the body");
  }
  edited.append(body.view().substr(taken));
  if (!nlohmann::json::accept(text.begin(), text.end())) return;
  const auto parsed = nlohmann::json::parse(edited, nullptr, false);
  require(parsed.is_object(), "JSON stays JSON");
  require(!parsed.contains("model") && !parsed.contains("stream"), "what the path tells is gone");
  require(parsed.contains("messages") && parsed.contains("anthropic_version"), "the rest is there");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(input);
  decode_any_way(input, steering);
  decode_any_way(mended(input), steering);
  decode_any_way(framed(input), steering);
  edit_body(input, steering);
  return 0;
}
