// What the mock upstream does with a request, as a test or an operator scripted it.
//
// A test registers one for a credential (`mock_upstream::behave`). An operator writes it into the
// credential itself, which then starts with "mock-" (or "sk-ant-mock-", for clients and relays that
// look at the prefix): settings separated by ";", for instance `mock-status=429;retry-after=7` or
// `mock-events=1000;interval-ms=50`. docs/mock-upstream.md lists the settings.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace baton::mock {

// How a connection is broken off.
enum class ending : std::uint8_t {
  fin,   // closed, as far as the peer goes along within two seconds
  rst,   // reset
  half,  // nothing more is sent; what the peer sends is read until it ends too
};

// What stands where an event's JSON should be.
enum class malformation : std::uint8_t {
  cut,      // JSON that ends in its middle
  garbage,  // no JSON at all
  crc,      // a frame with a wrong checksum; garbage where events have no frames
};

// How a streamed answer of the Responses API says it is over.
enum class terminal_event : std::uint8_t { completed, incomplete, failed };

// Good answers and bad ones in turn.
struct alternation {
  std::uint32_t good = 0;  // so many requests get the upstream's normal behaviour,
  std::uint32_t bad = 0;   // then so many the script's, and again
};

// What becomes of the connection after a complete answer.
enum class closing : std::uint8_t {
  keep_alive,
  announced,  // with "connection: close" in the head
  silent,     // closed though the head promised otherwise: a pooled connection goes stale
};

// What an answer reports as used.
struct token_counts {
  std::int64_t input = 25;
  std::int64_t output = 42;
  std::int64_t cache_read = 0;
  std::int64_t cache_write_5m = 0;
  std::int64_t cache_write_1h = 0;
  std::int64_t reasoning = 0;  // not in `output`, whatever the API adds up
};

// "After N events" counts every event of a stream in the order sent. In Anthropic's: 1 is
// message_start, 2 content_block_start, 3 a ping, 4 the first content_block_delta. 0 is after the
// head, before any event. A "delta" is the event with a part of the text, in each API. Faults in
// streams do nothing to JSON answers, nor `error_in_200` to streams.
struct behaviour {
  // The answer.
  int status = 200;                // any other than 200 is answered with an error body
  std::string error_type{};        // of that body and of error events; empty: by the status
  std::string error_message{};     // in them; empty: by the status
  std::string body{};              // replaces the generated JSON body
  bool error_in_200 = false;       // an error body though the status is 200
  std::string header_lines{};      // more header lines, each with its CRLF
  std::uint32_t head_bytes = 0;    // pads the head to at least this size
  std::uint32_t answer_bytes = 0;  // text of a JSON answer; 0: a short sentence
  std::string stop_reason{};       // in the API's words; empty: a regular end
  terminal_event terminal = terminal_event::completed;
  bool tool_call = false;  // calls the first tool of the request, if it has one
  token_counts tokens{};
  bool no_usage = false;    // without the usage object
  std::string raw_usage{};  // not empty: stands for the usage object, JSON or not
  bool gzip = false;        // content-encoding: gzip, whatever the client accepts
  closing after_answer = closing::keep_alive;
  std::chrono::milliseconds idle_close{0};  // closes a connection idle for so long; 0: never
  bool early = false;                  // answers when the head is in, without the body, then closes
  std::uint32_t read_bytes_per_s = 0;  // pace of reading a request's body; 0: as it comes

  // Time.
  std::chrono::milliseconds delay{0};              // before the head
  std::chrono::milliseconds first_event_delay{0};  // between the head and the first event
  std::chrono::milliseconds interval{0};           // before each delta; 0: at once
  bool stall_before_head = false;                  // never answers
  std::optional<std::uint32_t> stall_after_events{};

  // A stream.
  std::uint32_t events = 12;      // deltas
  std::uint32_t event_bytes = 0;  // text of each; 0: a word
  std::uint32_t ping_every = 0;   // a ping after so many deltas; 0: none but the API's own
  bool timestamps = false;        // "sent_ns" in each delta: CLOCK_MONOTONIC when it was sent
  bool empty_stream = false;      // no event at all, then a regular end
  bool omit_end = false;          // nothing that says it is over, then a regular end

  // Faults.
  std::optional<std::uint32_t> cut_after_events{};
  std::optional<std::uint64_t> cut_after_bytes{};  // of the whole answer, head included
  ending cut_with = ending::fin;
  std::optional<std::uint32_t> error_after_events{};      // an error event, then a regular end
  std::optional<std::uint32_t> malformed_after_events{};  // an event whose data is not JSON
  malformation malformed_with = malformation::cut;
  std::optional<std::uint32_t> broken_chunk_after_events{};  // a chunk size that is no number
  std::int32_t content_length_off = 0;  // added to the true content-length, then closes
  bool byte_by_byte = false;            // one write per byte
  bool garbage = false;                 // something that is not HTTP, then closes

  // Which requests get this; the others get the upstream's normal behaviour.
  alternation flap{};       // without bad ones: each of them
  std::uint64_t times = 0;  // the first so many; 0: all

  // Whether the connection has to be closed after a complete answer.
  bool closes() const {
    return after_answer != closing::keep_alive || early || garbage || content_length_off != 0;
  }
};

// One setting of a credential script, for listing them.
struct setting_help {
  std::string_view name;
  std::string_view meaning;
};
std::vector<setting_help> settings();

// Whether `credential` carries a script.
bool is_script(std::string_view credential);

// The behaviour in `credential`, on top of `base`. Errors: invalid_argument naming the setting that
// does not exist or has a value that cannot be used.
result<behaviour> parse_behaviour(std::string_view credential, behaviour base = {});

}  // namespace baton::mock
