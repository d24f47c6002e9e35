#include "relay/platforms/anthropic_meter.hpp"

#include <optional>
#include <utility>

#include "relay/platforms/last_member.hpp"

namespace baton::relay {
namespace {

bool is_metered(std::string_view type) {
  return type == "message_start" || type == "message_delta" || type == "message_stop" ||
         type == "error";
}

// Whether an event that names its type elsewhere is worth parsing. The type is near an end, since
// the large fields are objects; text that a model wrote has its quotes escaped and does not match.
bool may_be_metered(std::string_view data) {
  constexpr std::size_t end_bytes = 200;
  const std::string_view head = data.substr(0, end_bytes);
  const std::string_view tail = data.size() > end_bytes ? data.substr(data.size() - end_bytes) : "";
  for (const std::string_view type :
       {"\"message_start\"", "\"message_delta\"", "\"message_stop\"", "\"error\""}) {
    if (head.find(type) != head.npos || tail.find(type) != tail.npos) return true;
  }
  return false;
}

}  // namespace

void anthropic_json_meter::read(std::string_view padded_document) {
  anthropic_answer answer = read_anthropic_answer(padded_document);
  answer.usage.enter_into(usage_);
  tier_ = answer.usage.tier_or(tier_);
  model_ = std::move(answer.model);
  complete_ = answer.well_formed;
  failed_ = answer.type == "error";
  error_type_ = std::move(answer.error_type);
}

void anthropic_stream_meter::on_filler(std::string_view event_name, std::string_view) {
  complete_ |= event_name == "message_stop";
  ended_ |= complete_;
}

// The type inside the data decides; many upstreams send no `event:` lines.
void anthropic_stream_meter::on_json(std::string_view event_name, std::string_view padded_data) {
  const auto first = leading_type(padded_data);
  const bool metered =
      first ? is_metered(*first) : is_metered(event_name) || may_be_metered(padded_data);
  if (metered || event_name == "error") {
    read(event_name, first, padded_data);
  } else {
    note_content(first.value_or(event_name));
    note_delta(first.value_or(event_name), padded_data);
  }
}

// Content is whatever does not merely open the answer, and comes before an error.
void anthropic_stream_meter::note_content(std::string_view event_type) {
  has_content_ |= !failed_ && event_type != "message_start" &&
                  event_type != "content_block_start" && event_type != "ping";
}

// What surrounds the text is not counted; a signature is no token.
void anthropic_stream_meter::note_delta(std::string_view event_type, std::string_view data) {
  constexpr std::string_view around =
      R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""}})";
  if (failed_ || event_type != "content_block_delta" || data.size() <= around.size()) return;
  if (data.substr(0, around.size()).find("\"signature_delta\"") != data.npos) return;
  untold_bytes_ += data.size() - around.size();
}

void anthropic_stream_meter::read(std::string_view event_name,
                                  std::optional<std::string_view> first_type,
                                  std::string_view padded_data) {
  anthropic_answer event = read_anthropic_answer(padded_data);
  if (event.type.empty()) event.type = first_type.value_or(event_name);
  take(std::move(event), event_name == "error");
}

void anthropic_stream_meter::on_long_json(std::string_view type, std::string_view end) {
  skipped_ |= type.empty() || is_metered(type);
  anthropic_answer event = read_anthropic_answer(last_member(end, "usage").padded());
  event.type = type;
  take(std::move(event), false);
}

void anthropic_stream_meter::take(anthropic_answer event, bool is_error) {
  if (is_error || event.type == "error" || (event.type.empty() && event.has_error)) {
    failed_ = ended_ = true;
    // Some put the error itself where Anthropic puts an object around it.
    error_type_ = event.has_error ? std::move(event.error_type) : std::move(event.type);
    return;
  }
  if (event.type == "message_start" || event.type == "message_delta") {
    event.usage.enter_into(usage_);
    if (event.usage.output.value_or(0) > 0) untold_bytes_ = 0;
    tier_ = event.usage.tier_or(tier_);
    if (!event.model.empty()) model_ = std::move(event.model);
  }
  complete_ |= event.type == "message_stop";
  ended_ |= complete_;
  note_content(event.type);
}

}  // namespace baton::relay
