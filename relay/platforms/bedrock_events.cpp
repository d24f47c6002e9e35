#include "relay/platforms/bedrock_events.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "relay/api.hpp"
#include "relay/platforms/anthropic_answer.hpp"
#include "relay/platforms/bedrock_errors.hpp"
#include "relay/platforms/json_parser.hpp"
#include "relay/platforms/json_skimmer.hpp"
#include "relay/platforms/json_text.hpp"
#include "relay/platforms/sse_meter.hpp"
#include "relay/sse_scanner.hpp"

namespace baton::relay {
namespace {

// A rare large event must not keep its memory for the rest of a long stream.
constexpr std::size_t kept_bytes_max = 64 * 1024;

// It has to stand on a line of its own, and be read there as it is.
bool is_event_name(std::string_view name) {
  return !name.empty() && name.size() <= sse_scanner::name_bytes_max &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string event_type(std::string_view padded_json) {
  const auto first = leading_type(padded_json);
  if (first && first->find('\\') == first->npos) return std::string(*first);
  return read_anthropic_answer(padded_json).type;
}

// Line ends may stand between tokens; each begins a new line of data.
void append_data(std::string& into, std::string_view json) {
  for (;;) {
    const std::size_t end = std::min(json.find_first_of("\r\n"), json.size());
    into.append("data: ").append(json.substr(0, end)).append("\n");
    if (end == json.size()) return;
    json.remove_prefix(end + 1);
  }
}

// What is inside is looked at where it is wanted.
bool has_brackets(std::string_view text) {
  constexpr std::string_view gaps = " \t\r\n";
  const auto first = text.find_first_not_of(gaps);
  return first != text.npos && text[first] == '{' && text[text.find_last_not_of(gaps)] == '}';
}

}  // namespace

bedrock_frame kind_of(const aws_frame& frame) {
  if (frame.message_type == "event") {
    return frame.event_type == "chunk" ? bedrock_frame::chunk : bedrock_frame::other;
  }
  const bool ends_stream = frame.message_type == "exception" || frame.message_type == "error";
  return ends_stream ? bedrock_frame::exception : bedrock_frame::other;
}

std::string_view exception_name(const aws_frame& frame) {
  return frame.exception_type.empty() ? frame.error_code : frame.exception_type;
}

bool bedrock_events::append_chunk(std::string& into, std::string_view payload) {
  if (!has_brackets(payload)) return false;
  json_skimmer skimmer(payload);
  std::string_view bytes;
  skimmer.each_member([&](std::string_view name) {
    if (name != "bytes") return;
    bytes = skimmer.string();
    skimmer.stop();
  });
  if (bytes.empty()) return true;
  if (json_.capacity() > kept_bytes_max) std::string().swap(json_);
  json_.clear();
  if (!append_base64_decoded(bytes, json_)) return false;
  const std::size_t json_bytes = json_.size();
  json_.append(json_padding_bytes, ' ');
  const std::string_view json = std::string_view(json_).substr(0, json_bytes);
  if (!is_json_object(json)) return false;
  const std::string type = event_type(json);
  if (!is_event_name(type)) return true;
  into.append("event: ").append(type).append("\n");
  append_data(into, json);
  into += '\n';
  return true;
}

void append_exception_event(std::string& into, const aws_frame& frame) {
  const auto name = exception_name(frame);
  auto message = read_bedrock_error({}, frame.payload).message;
  if (message.empty()) message = frame.error_message;
  if (message.empty()) message = name;
  const nlohmann::ordered_json event{
      {"type", "error"},
      {"error", {{"type", anthropic_type_of_bedrock(name)}, {"message", message}}}};
  into += "event: error\ndata: ";
  into += dump_json(event);
  into += "\n\n";
}

}  // namespace baton::relay
