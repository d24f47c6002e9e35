// How a connection of the mock upstream chooses its answers and sends them.
#include <boost/asio/post.hpp>

#include "tests/support/mock_connection.hpp"
#include "tests/support/mock_route.hpp"

namespace baton::mock {

namespace {

using std::chrono::steady_clock;

// Events that are due at once go out together up to about this size.
constexpr std::size_t burst_bytes = 16 * 1024;
// A buffer bigger than this is given back after use.
constexpr std::size_t kept_bytes_max = 16 * 1024;

}  // namespace

// The views point into the input; they are not used after this returns.
void connection::handle(const request_head& head, std::string_view body, bool body_complete) {
  cancel_timer();
  cursor_.reset();
  plan_.reset();
  out_.clear();
  out_at_ = 0;
  answer_bytes_ = 0;
  if (handle_mock_route(head)) return;
  body_facts facts;
  if (body_complete && head.method == "POST") {
    const std::size_t before_body = static_cast<std::size_t>(body.data() - input_.data());
    facts = owner_.bodies().read(body, input_.readable_bytes() - before_body);
  }
  const route way = find_route(head);
  plan_ = record_->begin(head.text, body, form_of(way, facts));
  owner_.shared().book.note_last(*record_);
  counted_ = true;
  close_after_ = plan_->script.closes() || !head.keep_alive || !body_complete;
  const stamp& values = owner_.next_stamp();
  const reply chosen =
      choose_reply({head, way, facts, body, body_complete}, *plan_, *record_, values);
  send(chosen, values);
  if (chosen.what == reply::kind::stream) cursor_.emplace(plan_, values);
  begin_answer();
}

// The mock's own routes, which need no credential.
bool connection::handle_mock_route(const request_head& head) {
  const bool stats = head.path == "/mock/stats" && head.method == "GET";
  const bool reset = head.path == "/mock/reset" && head.method == "POST";
  if (!stats && !reset) return false;
  if (reset) owner_.shared().clear_statistics();
  close_after_ = !head.keep_alive;
  make_json_answer(anthropic(), {}, 200, to_json(owner_.shared().snapshot()))
      .append_to(out_, owner_.next_stamp());
  phase_ = phase::answering;
  drive();
  return true;
}

// Puts an answer that is no stream into out_.
void connection::send(const reply& chosen, const stamp& values) {
  switch (chosen.what) {
    case reply::kind::stream: return;
    case reply::kind::planned: return plan_->json.append_to(out_, values);
    case reply::kind::document:
      return make_json_answer(*plan_->form.speaks, plan_->script, chosen.status, chosen.body,
                              chosen.header_lines)
          .append_to(out_, values);
    case reply::kind::garbage: out_ = "SSH-2.0-this_is_not_HTTP\r\n"; return;
  }
}

void connection::begin_answer() {
  const behaviour& script = plan_->script;
  phase_ = phase::waiting;
  if (script.stall_before_head) return;
  due_ = steady_clock::now();
  if (script.delay.count() == 0) {
    phase_ = phase::answering;
    return drive();
  }
  due_ += script.delay;
  wait_until(due_, &connection::go_on);
}

// After a wait; requests that came meanwhile are next when the answer ends here.
void connection::go_on() {
  if (phase_ == phase::waiting || phase_ == phase::answering) drive();
  process();
  read();
}

// Sends what is due now; the timer, the writer or the end of the answer goes on from there.
void connection::drive() {
  phase_ = phase::answering;
  step_ = fill();
  if (flush()) perform(step_);
}

next_step connection::fill() {
  next_step step{next_step::kind::done};
  if (cursor_) {
    do {
      step = cursor_->next(out_);
    } while (step.what == next_step::kind::more && out_.size() < burst_bytes);
  }
  answer_bytes_ += out_.size();
  const auto limit = plan_ ? plan_->script.cut_after_bytes : std::nullopt;
  if (limit && answer_bytes_ >= *limit) {
    out_.resize(out_.size() - static_cast<std::size_t>(answer_bytes_ - *limit));
    step = {next_step::kind::cut};
  }
  return step;
}

// Whether all of out_ is written; otherwise it will be, and on_written() performs step_.
bool connection::flush() {
  const bool trickle = plan_ && plan_->script.byte_by_byte;
  if (out_.empty()) return true;
  if (!tls_ && !trickle) {
    boost::system::error_code failure;
    out_at_ +=
        socket_.write_some(asio::buffer(out_.data() + out_at_, out_.size() - out_at_), failure);
    if (failure && failure != asio::error::would_block) {
      peer_left();
      return false;
    }
    if (out_at_ == out_.size()) {
      out_at_ = 0;
      out_.size() > kept_bytes_max ? std::string().swap(out_) : out_.clear();
      return true;
    }
  }
  write_rest();
  return false;
}

void connection::write_rest() {
  const bool trickle = plan_ && plan_->script.byte_by_byte;
  const auto rest =
      asio::buffer(out_.data() + out_at_, trickle ? std::size_t{1} : out_.size() - out_at_);
  writing_ = true;
  auto handler = [self = shared_from_this()](boost::system::error_code failure, std::size_t bytes) {
    self->on_written(failure, bytes);
  };
  tls_ ? tls_->async_write_some(rest, std::move(handler))
       : socket_.async_write_some(rest, std::move(handler));
}

void connection::on_written(boost::system::error_code failure, std::size_t bytes) {
  writing_ = false;
  if (phase_ == phase::closed) return;
  if (failure) return peer_left();
  out_at_ += bytes;
  if (out_at_ != out_.size()) return write_rest();
  out_at_ = 0;
  out_.size() > kept_bytes_max ? std::string().swap(out_) : out_.clear();
  if (phase_ == phase::answering) perform(step_);
  // A request that came meanwhile, or the rest of one after a "100 Continue".
  process();
  read();
}

void connection::perform(next_step step) {
  switch (step.what) {
    case next_step::kind::more:
      // Not in a loop: a reader that never falls behind must not keep the others waiting.
      asio::post(owner_.loop(), [self = shared_from_this()] { self->go_on(); });
      return;
    case next_step::kind::pause: due_ += step.pause; return wait_until(due_, &connection::go_on);
    case next_step::kind::stall: return;
    case next_step::kind::cut: return break_off(plan_->script.cut_with);
    case next_step::kind::done: return finish();
  }
}

}  // namespace baton::mock
