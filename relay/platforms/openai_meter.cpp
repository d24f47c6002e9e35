#include "relay/platforms/openai_meter.hpp"

#include <cstring>
#include <optional>
#include <utility>

#include "relay/platforms/last_member.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view response_prefix = "response.";

bool opens_an_answer(std::string_view type) {
  return type == "response.created" || type == "response.in_progress" || type == "response.queued";
}

bool ends_an_answer(std::string_view type) {
  return type == "response.completed" || type == "response.incomplete" || type == "response.failed";
}

// What is behind the first `part` of `text`; nothing if it is not in there. string_view::find would
// stop at every quote.
std::optional<std::string_view> behind(std::string_view text, std::string_view part) {
  const void* const found = ::memmem(text.data(), text.size(), part.data(), part.size());
  if (found == nullptr) return std::nullopt;
  const auto offset = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
  return text.substr(offset + part.size());
}

// Whether a member of this name has a value that begins so. Text that a model wrote has its quotes
// escaped and does not match.
bool may_have(std::string_view data, std::string_view quoted_name, char beginning) {
  for (auto rest = behind(data, quoted_name); rest; rest = behind(*rest, quoted_name)) {
    const auto value = rest->find_first_not_of(" \t\r\n:");
    if (value != rest->npos && (*rest)[value] == beginning) return true;
  }
  return false;
}

// Whether a chunk says more than its text.
bool may_tell(std::string_view chunk) {
  return may_have(chunk, "\"usage\"", '{') || behind(chunk, "\"error\"") ||
         may_have(chunk, "\"finish_reason\"", '"');
}

}  // namespace

void openai_json_meter::read(std::string_view padded_document) {
  openai_answer answer = read_openai_answer(padded_document);
  answer.usage.enter_into(usage_);
  model_ = std::move(answer.model);
  tier_ = service_tier_named(answer.tier);
  if (kept_) answer_id_ = std::move(answer.id);
  complete_ = answer.well_formed;
  failed_ = answer.failed();
  if (failed_) error_type_ = std::move(answer.error_name);
}

void responses_stream_meter::on_filler(std::string_view, std::string_view) {}

// The type inside the data decides; its event's name is the same where it has one.
void responses_stream_meter::on_json(std::string_view event_name, std::string_view padded_data) {
  if (event_name == "error") return read("error", padded_data);
  if (const auto first = leading_type(padded_data)) return read(*first, padded_data);
  read(event_name.starts_with(response_prefix) ? event_name : "", padded_data);
}

// One that is the whole answer at its end may be so long, with an image in it.
void responses_stream_meter::on_long_json(std::string_view type, std::string_view end) {
  if (type != "error" && !type.starts_with(response_prefix)) {
    skipped_ = true;
    has_content_ |= !failed_;
    return;
  }
  skipped_ |= ends_an_answer(type);
  take(read_openai_answer(last_member(end, "usage").padded()), type);
}

// `type`: as far as it is known without reading the event.
void responses_stream_meter::read(std::string_view type, std::string_view padded_data) {
  if (type.empty() || type == "error" || ends_an_answer(type) ||
      (opens_an_answer(type) && answer_id_.empty())) {
    return take(read_openai_answer(padded_data), type);
  }
  note_content(type);
}

void responses_stream_meter::take(openai_answer event, std::string_view type) {
  if (type.empty()) type = event.type;
  const bool ends = ends_an_answer(type);
  if (opens_an_answer(type) || ends) {
    event.usage.enter_into(usage_);
    if (usage_.output + usage_.reasoning > 0) untold_bytes_ = 0;
    if (!event.model.empty()) model_ = std::move(event.model);
    if (!event.tier.empty()) tier_ = service_tier_named(event.tier);
    if (!event.id.empty()) answer_id_ = std::move(event.id);
  }
  complete_ |= ends;
  ended_ |= ends;
  if (type == "error" || type == "response.failed" || (type.empty() && event.has_error)) {
    failed_ = ended_ = true;
    error_type_ = std::move(event.error_name);
    return;
  }
  note_content(type);
}

// Content is what does not merely open the answer, or an item or a part in it, and comes before an
// error. Events of other families are none: keep-alives, and what a client is told beside the
// answer. A delta is a token, as good as always.
void responses_stream_meter::note_content(std::string_view type) {
  has_content_ |= !failed_ && type.starts_with(response_prefix) && !opens_an_answer(type) &&
                  type != "response.output_item.added" && type != "response.content_part.added";
  if (!failed_ && type.ends_with(".delta")) untold_bytes_ += bytes_per_token;
}

void chat_stream_meter::on_filler(std::string_view, std::string_view text) {
  ended_ |= text == "[DONE]";
  complete_ |= ended_;
}

void chat_stream_meter::on_json(std::string_view event_name, std::string_view padded_data) {
  const bool is_error = event_name == "error";
  if (has_content_ && !is_error && !may_tell(padded_data)) {
    untold_bytes_ += bytes_per_token;
    return;
  }
  openai_answer chunk = read_openai_chunk(padded_data);
  chunk.usage.enter_into(usage_);
  if (chunk.has_usage) untold_bytes_ = 0;
  if (!chunk.model.empty()) model_ = std::move(chunk.model);
  if (!chunk.tier.empty()) tier_ = service_tier_named(chunk.tier);
  if (is_error || chunk.has_error) {
    failed_ = ended_ = true;
    error_type_ = std::move(chunk.error_name);
    return;
  }
  complete_ |= chunk.has_finish;
  has_content_ |= !failed_ && (chunk.has_delta || chunk.has_finish);
  if (chunk.has_delta && !chunk.has_usage) untold_bytes_ += bytes_per_token;
  if (withhold_usage_ && chunk.has_usage && !chunk.has_choices) withhold_event();
}

void chat_stream_meter::on_long_json(std::string_view type, std::string_view end) {
  skipped_ = true;
  read_openai_answer(last_member(end, "usage").padded()).usage.enter_into(usage_);
  failed_ |= type == "error";
  has_content_ |= !failed_;
}

}  // namespace baton::relay
