#include "net/upstream_attempt.hpp"

#include <algorithm>
#include <utility>

#include "net/client_stream.hpp"
#include "net/upstream_head.hpp"
#include "relay/client_credential.hpp"
#include "relay/percent_text.hpp"

namespace baton::net {
namespace {

using timeouts = relay::account_timeouts;

// Counts a stream for as long as it lives.
class live_stream {
 public:
  live_stream(worker_context& worker, bool is_one) : worker_(worker), is_one_(is_one) { add(1); }
  live_stream(const live_stream&) = delete;
  live_stream& operator=(const live_stream&) = delete;
  ~live_stream() { add(-1); }

 private:
  void add(std::int64_t n) {
    if (is_one_) worker_.metrics.live_streams.add(worker_.index, {}, n);
  }
  worker_context& worker_;
  const bool is_one_;
};

}  // namespace

upstream_attempt::upstream_attempt(exchange& ex, const relay::route& route,
                                   std::string_view parameter, const relay::request_facts& facts,
                                   relay::ready_account_ptr account, relay_scratch& scratch)
    : ex_(ex),
      route_(route),
      parameter_(parameter),
      facts_(facts),
      account_(std::move(account)),
      scratch_(scratch),
      answer_(scratch.answer) {}

// Whatever ends it: what was counted so far counts.
upstream_attempt::~upstream_attempt() {
  note_usage();
  leave_upstream(false);
  ex_.guard.end_by(ex_.end);
}

milliseconds upstream_attempt::time(std::optional<milliseconds> timeouts::*own,
                                    milliseconds usual) const {
  return (account_->config.timeouts.*own).value_or(usual);
}

task<attempt_outcome> upstream_attempt::run(bool fresh) {
  ex_.guard.on_disconnect(account_->config.on_disconnect);
  // What an earlier try counted is not this account's.
  ex_.record.usage = {};
  ex_.record.usage_estimated = false;
  ex_.record.tier = relay::service_tier::standard;
  ex_.guard.end_by(ex_.end);
  if (const auto total = account_->config.timeouts.total) {
    own_end_ = ex_.guard.moment_after(*total);
    ex_.guard.end_by(std::min(ex_.end, own_end_));
  }
  if (!fresh) upstream_ = ex_.worker.pool.take(*account_);
  if (!upstream_) {
    auto connected = co_await connect();
    if (ex_.guard.client_gone()) co_return attempt_outcome::lost();
    if (!connected) {
      co_return fail(relay::failure_kind::connect, false, std::move(connected.error().text));
    }
    upstream_ = std::move(*connected);
  }
  reused_ = upstream_->reused();
  ex_.guard.serve_with(&upstream_->bytes());

  // An upstream may answer and close before it has read everything; its answer counts.
  const auto sent = co_await send_request();
  auto received = sent;
  if (sent == io_status::ok || sent == io_status::failed) received = co_await read_head();
  if (received == io_status::ok) co_return co_await judge_answer();
  co_return break_off(received, !upstream_->bytes().input().empty());
}

task<result<upstream_ptr>> upstream_attempt::connect() {
  waiting connecting(ex_);
  co_return co_await ex_.worker.pool.connect(*account_);
}

// Fills scratch_ with the head and the pieces of the body. What changes in the body stands between
// the client's own pieces; nothing is copied.
void upstream_attempt::word_request(relay::outgoing_request& request) {
  auto& [list, storage] = scratch_.edits;
  scratch_.edits.clear();
  account_->platform->edit_body(scratch_.edits, request);
  auto& pieces = scratch_.body;
  pieces.clear();
  std::size_t taken = 0, bytes = 0;
  const auto add = [&](std::string_view piece) {
    if (!piece.empty()) pieces.push_back(piece);
    bytes += piece.size();
  };
  for (const auto& edit : list) {
    add(ex_.body.substr(taken, edit.offset - taken));
    add(edit.text);
    taken = edit.offset + edit.removed_bytes;
  }
  add(ex_.body.substr(taken));
  request.body = pieces;
  request.now = wall_now();
  scratch_.request_lines.clear();
  append_upstream_head(scratch_.request_lines, request, ex_.head, bytes);
}

task<io_status> upstream_attempt::send_request() {
  const auto query = relay::strip_key_parameter(ex_.head.query);
  const auto model = account_->config.upstream_model(facts_.model);
  // A mapped name that stands in the path goes there.
  const bool renamed = !facts_.model_offset && model != facts_.model;
  const auto escaped = renamed ? relay::percent_encode(model) : std::string();
  relay::outgoing_request request{.account = *account_,
                                  .route = route_,
                                  .facts = facts_,
                                  .headers = ex_.head.fields,
                                  .parameter = renamed ? std::string_view(escaped) : parameter_,
                                  .query = query,
                                  .model = model};
  word_request(request);
  auto& buffers = scratch_.buffers;
  buffers.assign(1, asio::buffer(scratch_.request_lines));
  for (const auto piece : scratch_.body) buffers.emplace_back(piece.data(), piece.size());
  ex_.guard.limit(upstream_->bytes(),
                  time(&timeouts::stream_head, ex_.worker.settings.stream_head));
  const auto sent = co_await upstream_->bytes().write(buffers);
  ex_.guard.lift();
  ex_.record.reached_upstream |= sent == io_status::ok;
  sent_at_ = ex_.guard.swept_at();
  co_return sent;
}

task<io_status> upstream_attempt::read_head() {
  auto& upstream = upstream_->bytes();
  const auto& settings = ex_.worker.settings;
  const auto head_bytes_max = settings.head_bytes_max;
  const auto deadline =
      ex_.guard.moment_after(facts_.stream ? time(&timeouts::stream_head, settings.stream_head)
                                           : time(&timeouts::json_head, settings.json_head));
  const bool comments = takes_comments(ex_);
  parser_.emplace(answer_, head_bytes_max);
  for (;;) {
    const auto progress = parser_->parse_head(upstream.input());
    if (!progress || answer_.status == 101) co_return io_status::failed;
    if (progress->complete) {
      upstream.consume(progress->consumed);
      if (answer_.status >= 200) co_return io_status::ok;
      parser_.emplace(answer_, head_bytes_max);  // an interim answer
      continue;
    }
    if (upstream.input().size() == upstream.capacity() && upstream.capacity() < head_bytes_max) {
      upstream.reserve(std::min<std::size_t>(4 * upstream.capacity(), head_bytes_max));
    }
    auto status = io_status::ok;
    if (comments) {
      status = co_await await_input(ex_, upstream, deadline, true);
    } else {
      waiting upstream_wait(ex_);
      ex_.guard.limit_until(upstream, deadline);
      status = co_await upstream.more();
      ex_.guard.lift();
    }
    if (status != io_status::ok) co_return status;
  }
}

task<relay_end> upstream_attempt::pass_on(const std::function<void()>& before_end) {
  const auto silence_max = time(&timeouts::between_events, ex_.worker.settings.between_events);
  ex_.record.stream = opened_.stream();
  const live_stream counted(ex_.worker, opened_.stream());
  const std::function<void()> metered = [&] {
    note_usage();
    before_end();
  };
  answer_relay relay(ex_, upstream_->bytes(), scratch_, *parser_, decoder_.get(), meter_.get(),
                     opened_, metered);
  const auto end = co_await relay.run(silence_max);
  note_usage();
  leave_upstream(end == relay_end::complete && relay.upstream_reusable());
  const bool has_error = opened_.stream() && meter_ && meter_->failed();
  co_return end == relay_end::complete&& has_error ? relay_end::upstream_error : end;
}

std::optional<relay::failure_kind> upstream_attempt::failure_after(relay_end end) const {
  switch (end) {
    case relay_end::upstream_cut: return relay::failure_kind::broken;
    case relay_end::upstream_silent: return relay::failure_kind::timeout;
    case relay_end::upstream_malformed: return relay::failure_kind::malformed;
    case relay_end::upstream_error: return ex_.protocol->error_kind(meter_->error_type());
    default: return std::nullopt;
  }
}

void upstream_attempt::note_usage() {
  if (!meter_) return;
  ex_.record.usage = relay::bounded(relay::with_untold(meter_->usage(), meter_->untold_bytes()));
  ex_.record.usage_estimated = meter_->untold_bytes() > 0;
  ex_.record.tier = meter_->tier();
  if (!meter_->model().empty()) ex_.record.model = meter_->model();
}

void upstream_attempt::leave_upstream(bool reusable) {
  if (!upstream_) return;
  ex_.guard.serve_with(nullptr);
  if (reusable) {
    ex_.worker.pool.give_back(std::move(upstream_));
  } else {
    upstream_.reset();
  }
}

}  // namespace baton::net
