// Read the tokens out of an answer of the Anthropic Messages API as it passes. Each lives for one
// answer, on the worker that relays it.
//
// Counts are read leniently: what is no count (negative, a fraction, above 2^53, text, null) is as
// good as not there and does not disturb its neighbours. A wrong count from an upstream must never
// stop an answer.
#pragma once

#include <optional>
#include <string_view>

#include "relay/platforms/anthropic_answer.hpp"
#include "relay/platforms/document_meter.hpp"
#include "relay/platforms/sse_meter.hpp"

namespace baton::relay {

class anthropic_json_meter final : public document_meter {
  void read(std::string_view padded_document) override;
};

// The stream of events: message_start, message_delta (cumulative counts), message_stop, error.
class anthropic_stream_meter final : public sse_meter {
  void on_json(std::string_view event_name, std::string_view padded_data) override;
  void on_filler(std::string_view event_name, std::string_view text) override;
  void on_long_json(std::string_view type, std::string_view end) override;
  void note_content(std::string_view event_type);
  void note_delta(std::string_view event_type, std::string_view data);
  void read(std::string_view event_name, std::optional<std::string_view> first_type,
            std::string_view padded_data);
  void take(anthropic_answer event, bool is_error);
};

}  // namespace baton::relay
