// Frames of Bedrock's streams, for tests.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/base64.hpp"
#include "relay/platforms/aws_event_stream.hpp"

namespace baton::relay {

inline std::string event_frame(std::string_view event_type, std::string_view payload) {
  const std::array<aws_string_header, 3> headers = {{{":event-type", event_type},
                                                     {":content-type", "application/json"},
                                                     {":message-type", "event"}}};
  std::string frame;
  append_aws_frame(frame, headers, payload);
  return frame;
}

// A chunk with one event, as Bedrock writes it: "p" is padding.
inline std::string chunk_frame(std::string_view json) {
  return event_frame("chunk", R"({"bytes":")" + to_base64(json) + R"(","p":"abcdefghij"})");
}

inline std::string exception_frame(std::string_view name, std::string_view payload) {
  const std::array<aws_string_header, 3> headers = {{{":exception-type", name},
                                                     {":content-type", "application/json"},
                                                     {":message-type", "exception"}}};
  std::string frame;
  append_aws_frame(frame, headers, payload);
  return frame;
}

inline std::string error_frame(std::string_view code, std::string_view message) {
  const std::array<aws_string_header, 3> headers = {
      {{":message-type", "error"}, {":error-code", code}, {":error-message", message}}};
  std::string frame;
  append_aws_frame(frame, headers, "");
  return frame;
}

namespace bedrock_sample {

inline constexpr std::string_view start =
    R"({"type":"message_start","message":{"id":"msg_bdrk_1","model":"claude-sonnet-4-5-20250929",)"
    R"("usage":{"input_tokens":12,"cache_read_input_tokens":3,"output_tokens":1}}})";
inline constexpr std::string_view content =
    R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}})";
inline constexpr std::string_view delta =
    R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}})";
inline constexpr std::string_view stop =
    R"({"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":12}})";

inline std::string stream() {
  return chunk_frame(start) + chunk_frame(content) + chunk_frame(delta) + chunk_frame(stop);
}

}  // namespace bedrock_sample
}  // namespace baton::relay
