// Read the tokens out of an answer of the Anthropic Messages API as it passes. Each lives for one
// answer, on the worker that relays it.
//
// Counts are read leniently: what is no count (negative, a fraction, above 2^53, text, null) is as
// good as not there and does not disturb its neighbours. A wrong count from an upstream must never
// stop an answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "relay/api.hpp"
#include "relay/sse_scanner.hpp"

namespace baton::relay {

// One JSON document, collected and read when it is complete.
class anthropic_json_meter final : public answer_meter {
 public:
  // A longer body is not metered.
  static constexpr std::size_t body_bytes_max = 16 * 1024 * 1024;

  void feed(std::string_view bytes) override;
  void finish() override;
  std::uint64_t whole_bytes() const override { return 0; }

 private:
  std::string body_;
  bool too_large_ = false;
};

// The stream of events, each checked to be JSON: message_start, message_delta (cumulative counts),
// message_stop, error.
class anthropic_stream_meter final : public answer_meter, private sse_scanner::listener {
 public:
  void feed(std::string_view bytes) override { scanner_.feed(bytes); }
  // What an unfinished event said does not count, as it does not for clients.
  void finish() override {}
  std::uint64_t whole_bytes() const override { return scanner_.event_end(); }

 private:
  bool wants(std::string_view event_name) override;
  void on_event(std::string_view event_name, std::string_view padded_data) override;
  void note_content(std::string_view event_type);
  void read(std::string_view event_name, std::optional<std::string_view> first_type,
            std::string_view padded_data);

  sse_scanner scanner_{*this};
};

}  // namespace baton::relay
