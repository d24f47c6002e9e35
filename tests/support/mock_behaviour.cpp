#include "tests/support/mock_behaviour.hpp"

#include <array>

#include "base/text.hpp"

namespace baton::mock {

namespace {

using std::chrono::milliseconds;

template <class T>
bool take_number(T& target, std::string_view value) {
  const auto number = text::parse_number<T>(value);
  if (number) target = *number;
  return number.has_value();
}

template <class T>
bool take_number(std::optional<T>& target, std::string_view value) {
  target = text::parse_number<T>(value);
  return target.has_value();
}

bool take_time(milliseconds& target, std::string_view value) {
  const auto number = text::parse_number<std::uint32_t>(value);
  if (number) target = milliseconds(*number);
  return number.has_value();
}

bool take_flag(bool& target, std::string_view value) {
  target = value == "1" || value.empty();
  return target || value == "0";
}

bool take_status(behaviour& b, std::string_view value) {
  return take_number(b.status, value) && b.status >= 200 && b.status <= 599;
}

bool take_closing(behaviour& b, std::string_view value) {
  b.after_answer = value == "silent" ? closing::silent : closing::announced;
  return value == "silent" || value == "announced";
}

bool take_ending(behaviour& b, std::string_view value) {
  b.cut_with = value == "rst" ? ending::rst : value == "half" ? ending::half : ending::fin;
  return value == "rst" || value == "fin" || value == "half";
}

bool take_malformation(behaviour& b, std::string_view value) {
  b.malformed_with = value == "garbage" ? malformation::garbage
                     : value == "crc"   ? malformation::crc
                                        : malformation::cut;
  return value == "garbage" || value == "crc" || value == "cut";
}

bool take_terminal(behaviour& b, std::string_view value) {
  b.terminal = value == "incomplete" ? terminal_event::incomplete
               : value == "failed"   ? terminal_event::failed
                                     : terminal_event::completed;
  return value == "completed" || value == "incomplete" || value == "failed";
}

bool take_flap(behaviour& b, std::string_view value) {
  const auto comma = value.find(',');
  return comma != std::string_view::npos && take_number(b.flap.good, value.substr(0, comma)) &&
         take_number(b.flap.bad, value.substr(comma + 1)) && b.flap.bad != 0;
}

bool take_retry_after(behaviour& b, std::string_view value) {
  b.header_lines.append("retry-after: ").append(value).append("\r\n");
  return !value.empty();
}

bool take_header(behaviour& b, std::string_view value) {
  const auto colon = value.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  b.header_lines.append(value).append("\r\n");
  return true;
}

struct setting {
  setting_help help;
  bool (*apply)(behaviour&, std::string_view);
};

using sv = std::string_view;

constexpr std::array table{
    setting{{"status", "answer with this status; any but 200 gets an error body"}, take_status},
    setting{{"error-type", "type in the error body or error event, in the API's words"},
            [](behaviour& b, sv v) {
              b.error_type = v;
              return !v.empty();
            }},
    setting{{"error-message", "message in the same places"},
            [](behaviour& b, sv v) {
              b.error_message = v;
              return !v.empty();
            }},
    setting{{"error-in-200", "1: an error body with status 200 where the answer is no stream"},
            [](behaviour& b, sv v) { return take_flag(b.error_in_200, v); }},
    setting{{"retry-after", "retry-after header: seconds or an HTTP date"}, take_retry_after},
    setting{{"header", "one more header, as name:value"}, take_header},
    setting{{"head-bytes", "pad the answer's head to this size"},
            [](behaviour& b, sv v) { return take_number(b.head_bytes, v); }},
    setting{{"answer-bytes", "length of the text in a JSON answer"},
            [](behaviour& b, sv v) { return take_number(b.answer_bytes, v); }},
    setting{{"stop-reason", "why the answer ended, in the API's words, for instance refusal"},
            [](behaviour& b, sv v) {
              b.stop_reason = v;
              return !v.empty();
            }},
    setting{{"terminal", "how a Responses answer ends: completed, incomplete or failed"},
            take_terminal},
    setting{{"tool-call", "1: call the first tool of the request"},
            [](behaviour& b, sv v) { return take_flag(b.tool_call, v); }},
    setting{{"delay-ms", "wait before the head"},
            [](behaviour& b, sv v) { return take_time(b.delay, v); }},
    setting{{"first-event-delay-ms", "wait between the head and the first event"},
            [](behaviour& b, sv v) { return take_time(b.first_event_delay, v); }},
    setting{{"interval-ms", "wait before each delta"},
            [](behaviour& b, sv v) { return take_time(b.interval, v); }},
    setting{{"events", "number of deltas: the events with a part of the text"},
            [](behaviour& b, sv v) { return take_number(b.events, v); }},
    setting{{"event-bytes", "length of the text in each of them"},
            [](behaviour& b, sv v) { return take_number(b.event_bytes, v); }},
    setting{{"ping-every", "a ping after so many of them"},
            [](behaviour& b, sv v) { return take_number(b.ping_every, v); }},
    setting{{"timestamps", "1: put the send time in nanoseconds (CLOCK_MONOTONIC) into each"},
            [](behaviour& b, sv v) { return take_flag(b.timestamps, v); }},
    setting{{"empty-stream", "1: no event at all"},
            [](behaviour& b, sv v) { return take_flag(b.empty_stream, v); }},
    setting{{"omit-end", "1: a stream ends without the event that says so"},
            [](behaviour& b, sv v) { return take_flag(b.omit_end, v); }},
    setting{{"stall-before-head", "1: never answer"},
            [](behaviour& b, sv v) { return take_flag(b.stall_before_head, v); }},
    setting{{"stall-after-events", "go silent after so many events"},
            [](behaviour& b, sv v) { return take_number(b.stall_after_events, v); }},
    setting{{"cut-after-events", "break the connection off after so many events"},
            [](behaviour& b, sv v) { return take_number(b.cut_after_events, v); }},
    setting{{"cut-after-bytes", "break it off after so many bytes, head included"},
            [](behaviour& b, sv v) { return take_number(b.cut_after_bytes, v); }},
    setting{{"cut-with", "fin (default), rst or half"}, take_ending},
    setting{{"error-after-events", "an error event after so many events, then the end"},
            [](behaviour& b, sv v) { return take_number(b.error_after_events, v); }},
    setting{{"malformed-after-events", "an event that is not JSON after so many events"},
            [](behaviour& b, sv v) { return take_number(b.malformed_after_events, v); }},
    setting{
        {"malformed-with", "cut (default): half of its JSON; garbage: none; crc: a wrong checksum"},
        take_malformation},
    setting{{"broken-chunk-after-events", "a chunk without a valid size after so many events"},
            [](behaviour& b, sv v) { return take_number(b.broken_chunk_after_events, v); }},
    setting{{"content-length-off", "add this to the true content-length, then close"},
            [](behaviour& b, sv v) { return take_number(b.content_length_off, v); }},
    setting{{"byte-by-byte", "1: one write per byte"},
            [](behaviour& b, sv v) { return take_flag(b.byte_by_byte, v); }},
    setting{{"garbage", "1: answer with something that is not HTTP"},
            [](behaviour& b, sv v) { return take_flag(b.garbage, v); }},
    setting{{"gzip", "1: answer with content-encoding: gzip"},
            [](behaviour& b, sv v) { return take_flag(b.gzip, v); }},
    setting{{"close", "close after each answer: announced or silent"}, take_closing},
    setting{{"idle-close-ms", "close a connection that was idle for so long"},
            [](behaviour& b, sv v) { return take_time(b.idle_close, v); }},
    setting{{"early", "1: answer before the request's body is read, then close"},
            [](behaviour& b, sv v) { return take_flag(b.early, v); }},
    setting{{"read-bytes-per-s", "pace of reading a request's body"},
            [](behaviour& b, sv v) { return take_number(b.read_bytes_per_s, v); }},
    setting{{"input-tokens", "usage: input"},
            [](behaviour& b, sv v) { return take_number(b.tokens.input, v); }},
    setting{{"output-tokens", "usage: output"},
            [](behaviour& b, sv v) { return take_number(b.tokens.output, v); }},
    setting{{"cache-read-tokens", "usage: read from the cache"},
            [](behaviour& b, sv v) { return take_number(b.tokens.cache_read, v); }},
    setting{{"cache-write-tokens", "usage: written to the cache for 5 minutes"},
            [](behaviour& b, sv v) { return take_number(b.tokens.cache_write_5m, v); }},
    setting{{"cache-write-1h-tokens", "usage: written to the cache for an hour"},
            [](behaviour& b, sv v) { return take_number(b.tokens.cache_write_1h, v); }},
    setting{{"reasoning-tokens", "usage: thought, on top of the output"},
            [](behaviour& b, sv v) { return take_number(b.tokens.reasoning, v); }},
    setting{{"no-usage", "1: without usage"},
            [](behaviour& b, sv v) { return take_flag(b.no_usage, v); }},
    setting{{"raw-usage", "this text in the place of the usage object"},
            [](behaviour& b, sv v) {
              b.raw_usage = v;
              return !v.empty();
            }},
    setting{{"flap", "G,B: G requests get a normal answer, then B get all this, and again"},
            take_flap},
    setting{{"times", "so many requests get all this, later ones a normal answer"},
            [](behaviour& b, sv v) { return take_number(b.times, v); }},
    setting{{"name", "nothing; tells credentials apart"}, [](behaviour&, sv) { return true; }},
};

// The settings' text, or nothing if the credential carries none.
std::optional<std::string_view> script_of(std::string_view credential) {
  constexpr std::string_view vendor_prefix = "sk-ant-";
  constexpr std::string_view script_prefix = "mock-";
  if (credential.starts_with(vendor_prefix)) credential.remove_prefix(vendor_prefix.size());
  if (!credential.starts_with(script_prefix)) return std::nullopt;
  return credential.substr(script_prefix.size());
}

}  // namespace

std::vector<setting_help> settings() {
  std::vector<setting_help> all;
  for (const setting& entry : table) all.push_back(entry.help);
  return all;
}

bool is_script(std::string_view credential) {
  return script_of(credential).has_value();
}

result<behaviour> parse_behaviour(std::string_view credential, behaviour base) {
  const auto fail = [](std::string text) {
    return downstream_error(error_code::invalid_argument, std::move(text));
  };
  const auto script = script_of(credential);
  if (!script) return fail("a mock credential starts with 'mock-'");
  for (const std::string& part : text::split(*script, ';')) {
    const auto equals = part.find('=');
    const std::string_view name = std::string_view(part).substr(0, equals);
    const std::string_view value =
        equals == std::string::npos ? "" : std::string_view(part).substr(equals + 1);
    const setting* found = nullptr;
    for (const setting& entry : table) {
      if (entry.help.name == name) found = &entry;
    }
    if (found == nullptr) return fail("mock setting '" + std::string(name) + "' does not exist");
    if (!found->apply(base, value)) {
      return fail("mock setting '" + std::string(name) + "' cannot be '" + std::string(value) +
                  "'");
    }
  }
  return base;
}

}  // namespace baton::mock
