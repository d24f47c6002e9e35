// How an attempt judges what has come back, before anything of it reaches the client.
#include <utility>

#include "base/text.hpp"
#include "net/answer_opening.hpp"
#include "net/head_lines.hpp"
#include "net/own_answer.hpp"
#include "net/upstream_attempt.hpp"
#include "relay/content_decoder.hpp"

namespace baton::net {
namespace {

using timeouts = relay::account_timeouts;
using relay::answer_format;

// A pooled connection that its upstream closed while it idled breaks at once when it is used.
constexpr milliseconds idle_close_race{1000};

// Gemini's stream without alt=sse says only that it is JSON.
answer_format format_of(const response_head& answer, const relay::request_facts& facts) {
  const auto type = answer.fields.find("content-type");
  const auto is = [type](std::string_view wanted) {
    return text::iequals(type.substr(0, wanted.size()), wanted);
  };
  if (is("text/event-stream")) return answer_format::sse;
  if (is("application/vnd.amazon.eventstream")) return answer_format::aws_frames;
  const bool json_array = facts.stream && facts.stream_format == answer_format::json_array;
  return json_array ? answer_format::json_array : answer_format::document;
}

task<attempt_outcome> ready(attempt_outcome outcome) {
  co_return outcome;
}

}  // namespace

// The head's views are good until more is read, so what is needed later is written down first.
task<attempt_outcome> upstream_attempt::judge_answer() {
  opened_ = {};
  opened_.format = format_of(answer_, facts_);
  scratch_.answer_lines.clear();
  append_client_head_lines(scratch_.answer_lines, answer_, ex_.record.request_id);
  const bool encoded = undo_encoding();
  if (answer_.status >= 400 || relay::is_redirect(answer_.status)) {
    if (opened_.format != answer_format::sse) opened_.format = answer_format::document;
    return judge_error();
  }
  if (auto reframed = account_->platform->make_decoder(*ex_.protocol, opened_.format)) {
    if (encoded) return ready(give_up_malformed("The upstream encoded its events unasked."));
    replace_line(scratch_.answer_lines, "content-type", "text/event-stream; charset=utf-8");
    decoder_ =
        decoder_ ? relay::chain(std::move(decoder_), std::move(reframed)) : std::move(reframed);
  }
  opened_.rewritten = decoder_ || (facts_.usage_wish && opened_.stream());
  const bool metered = relay::is_billed(route_.op) && answer_.status < 300 && !encoded;
  if (metered) meter_ = ex_.protocol->make_meter(opened_.format, facts_);
  return judge_beginning();
}

// True: the answer stays encoded, in a way that Baton cannot undo.
bool upstream_attempt::undo_encoding() {
  const auto encoding = answer_.fields.find("content-encoding");
  if (encoding.empty() || text::iequals(encoding, "identity")) return false;
  decoder_ = relay::make_content_decoder(encoding);
  if (!decoder_) return true;
  remove_line(scratch_.answer_lines, "content-encoding");
  return false;
}

task<attempt_outcome> upstream_attempt::judge_error() {
  opened_.rewritten = decoder_ != nullptr;
  answer_opening opening(ex_, upstream_->bytes(), *parser_, decoder_.get(), nullptr, scratch_.held);
  constexpr auto wanted = answer_opening::until::whole;
  auto read = opening.advance(wanted);
  if (!read) {
    const auto silence_max = time(&timeouts::between_events, ex_.worker.settings.between_events);
    read = co_await opening.read(wanted, silence_max, silence_max);
  }
  if (is_lost()) co_return attempt_outcome::lost();
  const relay::header_lines headers(scratch_.answer_lines);
  const bool redirect = relay::is_redirect(answer_.status);
  relay::error_reading reading;
  reading.status = answer_.status;
  if (!redirect) {
    reading = account_->platform->read_error(
        route_, {.status = answer_.status, .headers = headers, .body = scratch_.held});
  }
  const relay::answer_facts facts{
      .status = reading.status,
      .headers = {headers.find("retry-after"), headers.find("anthropic-ratelimit-unified-reset")},
      .wait = reading.wait,
      .not_here = reading.not_here,
      .error_body = scratch_.held,
      .request_body = ex_.body,
      .model = facts_.model};
  attempt_outcome outcome;
  outcome.verdict = relay::judge_answer(facts, account_->config, wall_now());
  const bool reusable = *read == io_status::ok && opening.complete() && answer_.keep_alive;
  opened_.complete = opening.complete();
  if (reading.foreign_text) reword_error(reading);
  if (outcome.verdict.step == relay::next_step::pass_on) {
    opened_.held = scratch_.held;
    co_return outcome;
  }
  if (opened_.complete && !redirect) {
    outcome.refused = keep(reading.status);
  } else {
    outcome.failure =
        upstream_error(error_code::upstream_broken,
                       "The upstream answered with status " + std::to_string(answer_.status) + ".");
  }
  leave_upstream(reusable);
  co_return outcome;
}

// The same error in the words of the client's API.
void upstream_attempt::reword_error(const relay::error_reading& reading) {
  const auto retry_after =
      std::string(relay::header_lines(scratch_.answer_lines).find("retry-after"));
  const auto failure = upstream_error(relay::error_code_of(reading.status), *reading.foreign_text);
  scratch_.held = ex_.protocol->error_body(failure, ex_.record.request_id);
  auto& lines = scratch_.answer_lines;
  lines = "HTTP/1.1 " + std::to_string(reading.status) + ' ';
  lines.append(reason_phrase(reading.status)).append("\r\ncontent-type: application/json\r\n");
  replace_line(lines, "x-request-id", ex_.record.request_id);
  if (!retry_after.empty()) replace_line(lines, "retry-after", retry_after);
  answer_.status = reading.status;
  answer_.content_length = scratch_.held.size();
  opened_.rewritten = false;
  answer_.keep_alive &= std::exchange(opened_.complete, true);
  opened_.format = answer_format::document;
}

// Of a stream: up to its content. Of one document: its first bytes tell that it comes, and an error
// among them is short.
task<attempt_outcome> upstream_attempt::judge_beginning() {
  if (!opened_.stream() && !meter_) co_return attempt_outcome{};
  const auto& settings = ex_.worker.settings;
  answer_opening opening(ex_, upstream_->bytes(), *parser_, decoder_.get(), meter_.get(),
                         scratch_.held);
  const bool to_content = opened_.stream() && meter_;
  const auto wanted =
      to_content ? answer_opening::until::content : answer_opening::until::first_bytes;
  auto read = opening.advance(wanted);
  if (!read) {
    const auto first = opened_.stream() ? time(&timeouts::first_event, settings.first_event)
                                        : time(&timeouts::json_head, settings.json_head);
    read = co_await opening.read(wanted, first,
                                 time(&timeouts::between_events, settings.between_events));
  }
  opened_.complete = opening.complete();
  if (opening.undecodable() && !(meter_ && meter_->has_content())) {
    co_return give_up_malformed("The upstream's events are not framed correctly.");
  }
  co_return judge_opening(*read);
}

attempt_outcome upstream_attempt::judge_opening(io_status read) {
  if (is_lost()) return attempt_outcome::lost();
  opened_.held = scratch_.held;
  if (read != io_status::ok && scratch_.held.empty()) return break_off(read, true);
  if (!meter_ || meter_->has_content()) return {};
  if (meter_->failed()) {
    const auto kind = ex_.protocol->error_kind(meter_->error_type());
    return kind ? give_up_error_in_answer(*kind) : attempt_outcome{};
  }
  if (meter_->malformed()) return give_up_malformed("The upstream sent an event that is not JSON.");
  if (read != io_status::ok) return break_off(read, true);
  if (opened_.stream() && opened_.complete) {
    return fail(relay::failure_kind::broken, true, "The upstream ended its answer at once.");
  }
  return {};
}

// An error that came with status 200 is given to nobody: another account may do better, and if none
// does, the client is told with a status that fits.
attempt_outcome upstream_attempt::give_up_error_in_answer(relay::failure_kind kind) {
  attempt_outcome outcome;
  outcome.verdict = relay::judge_error_event(kind, account_->config);
  outcome.failure = upstream_error(
      kind == relay::failure_kind::rate_limited ? error_code::rate_limited
      : kind == relay::failure_kind::overloaded ? error_code::overloaded
                                                : error_code::upstream_broken,
      "The upstream answered with an error: " +
          (meter_->error_type().empty() ? std::string("unknown") : meter_->error_type()) + ".");
  leave_upstream(false);
  return outcome;
}

attempt_outcome upstream_attempt::break_off(io_status status, bool bytes_received) {
  if (is_lost()) return attempt_outcome::lost();
  if (status == io_status::timed_out && ex_.guard.past_end()) return run_out_of_time();
  if (status == io_status::timed_out) {
    return fail(relay::failure_kind::timeout, bytes_received,
                "The upstream did not answer in time.");
  }
  return fail(relay::failure_kind::broken, bytes_received,
              "The upstream closed the connection without an answer.");
}

// The time of the request is over, or that in which a client that left is drained: nobody's fault,
// unless it was the account's own.
attempt_outcome upstream_attempt::run_out_of_time() {
  if (ex_.guard.client_gone()) return attempt_outcome::lost();
  if (own_end_ < ex_.end && !ex_.guard.called_off()) {
    return fail(relay::failure_kind::timeout, true, "The upstream did not answer in time.");
  }
  attempt_outcome outcome;
  outcome.failure = ex_.guard.called_off() ? key_taken_away()
                                           : upstream_error(error_code::upstream_timeout,
                                                            "The request took longer than it may.");
  leave_upstream(false);
  return outcome;
}

attempt_outcome upstream_attempt::fail(relay::failure_kind kind, bool bytes_received,
                                       std::string text) {
  const auto code = kind == relay::failure_kind::connect   ? error_code::upstream_unreachable
                    : kind == relay::failure_kind::timeout ? error_code::upstream_timeout
                                                           : error_code::upstream_broken;
  attempt_outcome outcome;
  // An upstream that has worked on the request for a while may have been paid for it.
  const bool raced = facts_.stream || ex_.guard.swept_at() - sent_at_ < idle_close_race;
  outcome.verdict =
      relay::judge_failure(kind, reused_ && raced, bytes_received, facts_.stream, account_->config);
  outcome.failure = upstream_error(code, std::move(text));
  leave_upstream(false);
  return outcome;
}

attempt_outcome upstream_attempt::give_up_malformed(std::string text) {
  return fail(relay::failure_kind::malformed, true, std::move(text));
}

refused_answer upstream_attempt::keep(int meaning) {
  return {answer_.status, meaning, scratch_.answer_lines, scratch_.held};
}

bool upstream_attempt::is_lost() const {
  return ex_.guard.client_gone() && !ex_.guard.draining();
}

}  // namespace baton::net
