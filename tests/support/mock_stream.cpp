#include "tests/support/mock_stream.hpp"

namespace baton::mock {

namespace {

constexpr next_step more{};
constexpr next_step done{next_step::kind::done};

}  // namespace

stream_cursor::stream_cursor(std::shared_ptr<const answer_plan> plan, const stamp& values)
    : plan_(std::move(plan)), stamp_(values) {
  if (plan_->script.gzip) gzip_ = std::make_unique<gzip_encoder>();
}

next_step stream_cursor::next(std::string& out) {
  if (stage_ == stage::head) return begin(out);
  if (const auto fault = apply_fault(out)) return *fault;
  switch (stage_) {
    case stage::head:
    case stage::opening: append_event(out, plan_->opening[at_]); break;
    case stage::deltas:
      append_event(out, ping_due_ ? plan_->ping : plan_->deltas[at_ % plan_->deltas.size()]);
      break;
    case stage::closing: append_event(out, plan_->closing[at_]); break;
    case stage::end: append_end(out); return done;
  }
  return advance();
}

next_step stream_cursor::begin(std::string& out) {
  const behaviour& script = plan_->script;
  plan_->stream_head.append_to(out, stamp_);
  stage_ = script.empty_stream ? stage::end : stage::opening;
  leave_finished_stages();
  auto wait = script.first_event_delay;
  if (stage_ == stage::deltas) wait += script.interval;
  return wait.count() == 0 ? more : next_step{next_step::kind::pause, wait};
}

// Moves on behind the event just sent.
next_step stream_cursor::advance() {
  const behaviour& script = plan_->script;
  if (ping_due_) {
    ping_due_ = false;
  } else {
    ++at_;
    ping_due_ = stage_ == stage::deltas && script.ping_every != 0 && at_ % script.ping_every == 0 &&
                !plan_->ping.empty();
  }
  leave_finished_stages();
  const bool paced = stage_ == stage::deltas && !ping_due_ && script.interval.count() != 0;
  return paced ? next_step{next_step::kind::pause, script.interval} : more;
}

// Any stage may have no event at all.
void stream_cursor::leave_finished_stages() {
  if (stage_ == stage::opening && at_ == plan_->opening.size()) {
    stage_ = stage::deltas;
    at_ = 0;
  }
  if (stage_ == stage::deltas && at_ == plan_->delta_count && !ping_due_) {
    stage_ = stage::closing;
    at_ = 0;
  }
  if (stage_ == stage::closing && at_ == plan_->closing.size()) stage_ = stage::end;
}

std::optional<next_step> stream_cursor::apply_fault(std::string& out) {
  const behaviour& script = plan_->script;
  if (script.cut_after_events == sent_) return next_step{next_step::kind::cut};
  if (script.stall_after_events == sent_) return next_step{next_step::kind::stall};
  if (script.broken_chunk_after_events == sent_) {
    out += "zz\r\nnot a chunk\r\n";
    return next_step{next_step::kind::cut};
  }
  if (script.malformed_after_events == sent_ && !malformed_sent_) {
    malformed_sent_ = true;
    append_event(out, plan_->malformed);
    return more;
  }
  if (script.error_after_events == sent_) {
    append_event(out, plan_->error);
    append_end(out);
    return done;
  }
  return std::nullopt;
}

void stream_cursor::append_event(std::string& out, const prebuilt_event& event) {
  const std::uint32_t number = event.numbered() ? numbered_++ : 0;
  const std::string& before = sent_++ == 0 ? plan_->lead : plan_->separator;
  if (!gzip_ && before.empty()) return event.append_chunk_to(out, stamp_, number);
  std::string text = before;
  event.append_plain_to(text, stamp_, number);
  append_text(out, text);
}

void stream_cursor::append_end(std::string& out) {
  if (!plan_->tail.empty()) append_text(out, sent_ == 0 ? plan_->lead + plan_->tail : plan_->tail);
  if (gzip_) out += as_chunk(gzip_->finish(""));
  out += "0\r\n\r\n";
}

void stream_cursor::append_text(std::string& out, std::string_view text) {
  out += gzip_ ? as_chunk(gzip_->flush(text)) : as_chunk(text);
}

}  // namespace baton::mock
