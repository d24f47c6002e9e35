// Anthropic's Messages API (https://docs.anthropic.com/en/api/messages). Its documents and events
// are shared with Bedrock, which sends them in frames of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/mock_dialect.hpp"

namespace baton::mock {

struct named_event {
  std::string name;
  std::string data;
};

struct message_events {
  std::vector<named_event> opening;  // message_start, content_block_start, ping
  std::vector<named_event> deltas;
  std::vector<named_event> closing;  // content_block_stop, message_delta, mostly message_stop
  named_event ping;
};

std::string message_json(const behaviour& script, const answer_form& form);
message_events make_message_events(const behaviour& script, const answer_form& form);
std::uint32_t message_delta_count(const behaviour& script, const answer_form& form);
// Half of a delta's JSON, or no JSON at all.
std::string malformed_message_data(malformation kind);

class anthropic_dialect : public dialect {
 public:
  std::string head_lines() const override;
  std::string answer(const behaviour& script, const answer_form& form) const override;
  event_set events(const behaviour& script, const answer_form& form) const override;
  std::string side_answer(const route& way, const behaviour& script,
                          const answer_form& form) const override;
  error_document error(int status, std::string_view type, std::string_view message) const override;
  int overload_status() const override { return 529; }
};

}  // namespace baton::mock
