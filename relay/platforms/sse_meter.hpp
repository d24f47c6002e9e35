// What the meters of event streams share: every event is checked to be a JSON object, in whatever
// API. Derive for what the events say.
#pragma once

#include <optional>
#include <string_view>

#include "relay/answer_meter.hpp"
#include "relay/sse_scanner.hpp"

namespace baton::relay {

class sse_meter : public answer_meter, private sse_scanner::listener {
 public:
  void feed(std::string_view bytes) final { scanner_.feed(bytes); }
  // What an unfinished event said does not count, as it does not for clients.
  void finish() final {}
  std::uint64_t whole_bytes() const final { return scanner_.event_end(); }

 protected:
  // The next event. `padded_data`: json_padding_bytes past its end may be read.
  virtual void on_json(std::string_view event_name, std::string_view padded_data) = 0;
  // An event that says nothing and is no JSON: "[DONE]", which ends the streams of one API and
  // which upstreams of others send too, or no data at all.
  virtual void on_filler(std::string_view event_name, std::string_view text) = 0;
  // An event that is too long to be read. `type`: "error", or the leading one, else its name; empty
  // if none of them tells. `end`: the last 16 KiB of it. If it may have been the last one, it
  // counts as skipped.
  virtual void on_long_json(std::string_view type, std::string_view end) = 0;

  // The event at hand is not for the client.
  void withhold_event();

 private:
  // Every event's data is checked, except where it is too long to be collected.
  bool wants(std::string_view) final { return !malformed_; }
  void on_event(std::string_view event_name, std::string_view padded_data) final;
  void on_long_event(std::string_view event_name, std::string_view beginning,
                     std::string_view end) final;

  sse_scanner scanner_{*this};
};

// The value of `"type"` in an object that has it first, without parsing the object.
std::optional<std::string_view> leading_type(std::string_view data);

}  // namespace baton::relay
