#include "tests/support/mock_stream.hpp"

namespace baton::mock {

namespace {

constexpr next_step more{};
constexpr next_step done{next_step::kind::done};

}  // namespace

stream_cursor::stream_cursor(std::shared_ptr<const answer_plan> plan) : plan_(std::move(plan)) {
  if (plan_->script.gzip) gzip_ = std::make_unique<gzip_encoder>();
}

next_step stream_cursor::next(std::string& out, const stamp& values) {
  const behaviour& script = plan_->script;
  if (stage_ == stage::head) {
    plan_->stream_head.append_to(out, values);
    stage_ = script.empty_stream ? stage::end : stage::opening;
    const auto wait = script.first_event_delay;
    return wait.count() == 0 ? more : next_step{next_step::kind::pause, wait};
  }
  if (const auto fault = apply_fault(out, values)) return *fault;
  switch (stage_) {
    case stage::head:
    case stage::opening: append_event(out, plan_->opening[at_], values); break;
    case stage::deltas:
      append_event(out, ping_due_ ? plan_->ping : plan_->deltas[at_ % plan_->deltas.size()],
                   values);
      break;
    case stage::closing: append_event(out, plan_->closing[at_], values); break;
    case stage::end: append_end(out); return done;
  }
  return advance();
}

// Moves on behind the event just sent.
next_step stream_cursor::advance() {
  const behaviour& script = plan_->script;
  if (ping_due_) {
    ping_due_ = false;
  } else {
    ++at_;
    ping_due_ = stage_ == stage::deltas && script.ping_every != 0 && at_ % script.ping_every == 0;
  }
  if (stage_ == stage::opening && at_ == plan_->opening.size()) {
    stage_ = stage::deltas;
    at_ = 0;
  }
  if (stage_ == stage::deltas && at_ == script.events && !ping_due_) {
    stage_ = stage::closing;
    at_ = 0;
  }
  if (stage_ == stage::closing && at_ == plan_->closing.size()) stage_ = stage::end;
  const bool paced = stage_ == stage::deltas && !ping_due_ && script.interval.count() != 0;
  return paced ? next_step{next_step::kind::pause, script.interval} : more;
}

std::optional<next_step> stream_cursor::apply_fault(std::string& out, const stamp& values) {
  const behaviour& script = plan_->script;
  if (script.cut_after_events == sent_) return next_step{next_step::kind::cut};
  if (script.stall_after_events == sent_) return next_step{next_step::kind::stall};
  if (script.broken_chunk_after_events == sent_) {
    out += "zz\r\nnot a chunk\r\n";
    return next_step{next_step::kind::cut};
  }
  if (script.malformed_after_events == sent_ && !malformed_sent_) {
    malformed_sent_ = true;
    append_event(out, plan_->malformed, values);
    return more;
  }
  if (script.error_after_events == sent_) {
    append_event(out, plan_->error, values);
    append_end(out);
    return done;
  }
  return std::nullopt;
}

void stream_cursor::append_event(std::string& out, const prebuilt_event& event,
                                 const stamp& values) {
  ++sent_;
  if (!gzip_) return event.chunk.append_to(out, values);
  std::string text;
  event.plain.append_to(text, values);
  out += as_chunk(gzip_->flush(text));
}

void stream_cursor::append_end(std::string& out) {
  if (gzip_) out += as_chunk(gzip_->finish(""));
  out += "0\r\n\r\n";
}

}  // namespace baton::mock
