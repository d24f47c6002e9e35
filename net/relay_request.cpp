#include "net/relay_request.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "net/answer_relay.hpp"
#include "net/own_answer.hpp"
#include "net/upstream_head.hpp"
#include "relay/client_credential.hpp"

namespace baton::net {
namespace {

// Of an upstream's error that is not passed on at once: how much is kept, and how long it may take.
constexpr std::size_t refused_body_bytes_max = 64 * 1024;
constexpr std::chrono::milliseconds refused_body_time{2000};

struct string_sink final : body_sink {
  void on_body(std::string_view piece) override { text.append(piece); }
  std::string text;
};

bool is_encoded(const response_head& answer) {
  const auto encoding = answer.fields.find("content-encoding");
  return !encoding.empty() && !text::iequals(encoding, "identity");
}

bool is_event_stream(const response_head& answer) {
  constexpr std::string_view type = "text/event-stream";
  return text::iequals(answer.fields.find("content-type").substr(0, type.size()), type);
}

}  // namespace

relay_request::relay_request(exchange& ex, const relay::route& route)
    : ex_(ex), route_(route), scratch_(ex.worker.scratch.take()), answer_(scratch_->answer) {}

relay_request::~relay_request() {
  leave_upstream(false);
  ex_.worker.scratch.give_back(std::move(scratch_));
}

task<void> relay_request::run() {
  if (const auto inspected = inspect(); !inspected) {
    co_return co_await send_error(ex_, inspected.error());
  }
  const relay::usage_estimate estimate{
      .tokens = facts_.estimated_input_tokens + facts_.max_output_tokens,
      .takes_slot = route_.op == relay::operation::messages,
  };
  auto admitted = co_await ex_.port.admit(ex_.record.key, estimate);
  if (!admitted) co_return co_await send_error(ex_, admitted.error());
  reservation_ = std::move(*admitted);

  ex_.guard.serve_with(nullptr);
  co_await try_accounts();
  // A request that Baton itself refused in the end has used nothing: its reservation is cancelled.
  if (ex_.record.how != relay::outcome::refused) {
    reservation_.settle(static_cast<std::uint64_t>(ex_.record.usage.total()));
  }
}

result<void> relay_request::inspect() {
  const auto& key = *ex_.record.key;
  if (auto allowed = relay::check_service(key, ex_.protocol->service()); !allowed) return allowed;
  if (route_.method != "POST") return {};
  auto facts = ex_.protocol->inspect(ex_.body, route_.op);
  if (!facts) return facts.error();
  facts_ = *facts;
  model_ = facts_.model;
  ex_.record.model = model_;
  ex_.record.stream = facts_.stream;
  return relay::check_model(key, model_);
}

task<void> relay_request::try_accounts() {
  while (ex_.record.attempts < ex_.worker.settings.attempts_max && !is_out_of_time()) {
    const bool fresh_connection = std::exchange(retry_same_account_, false);
    if (!fresh_connection) {
      auto next = co_await next_account();
      if (!next) co_return co_await give_up(next.error());
      leased_ = std::move(*next);
      ex_.record.account = leased_.account;
    }
    ++ex_.record.attempts;
    const bool settled = co_await attempt(fresh_connection);
    if (settled) co_return;
  }
  co_await give_up(internal_error(error_code::no_account, "No account could serve the request."));
}

task<result<actors::leased_account>> relay_request::next_account() {
  leased_ = {};
  const auto& bound = ex_.record.key->bound_account;
  actors::account_wish wish;
  wish.protocol = ex_.protocol;
  wish.model = model_;
  wish.bound_account = bound ? &*bound : nullptr;
  wish.excluded = &excluded_;
  co_return co_await ex_.port.lease_account(wish);
}

task<bool> relay_request::attempt(bool fresh_connection) {
  auto connected = co_await connection(fresh_connection);
  if (ex_.guard.client_gone()) {
    ex_.record.how = relay::outcome::client_gone;
    co_return true;
  }
  if (!connected) {
    co_return co_await judge_failure(relay::failure_kind::connect, false, connected.error());
  }
  upstream_ = std::move(*connected);
  ex_.guard.serve_with(&upstream_->bytes());

  // An upstream may answer and close before it has read everything; its answer counts.
  const auto sent = co_await send_request();
  auto received = sent;
  if (sent == io_status::ok || sent == io_status::failed) received = co_await read_answer_head();
  if (ex_.guard.client_gone()) {
    ex_.record.how = relay::outcome::client_gone;
    co_return true;
  }
  if (received == io_status::ok) co_return co_await judge_answer();

  const bool bytes_received = !upstream_->bytes().input().empty();
  if (received == io_status::timed_out) {
    co_return co_await judge_failure(
        relay::failure_kind::timeout, bytes_received,
        upstream_error(error_code::upstream_timeout, "The upstream did not answer in time."));
  }
  co_return co_await judge_failure(
      relay::failure_kind::broken, bytes_received,
      upstream_error(error_code::upstream_broken,
                     "The upstream closed the connection without an answer."));
}

task<result<upstream_ptr>> relay_request::connection(bool fresh) {
  if (!fresh) {
    if (auto idle = ex_.worker.pool.take(*leased_.account)) co_return idle;
  }
  waiting connecting(ex_);
  co_return co_await ex_.worker.pool.connect(*leased_.account);
}

task<io_status> relay_request::send_request() {
  const auto query = relay::strip_key_parameter(ex_.head.query);
  const auto sent_model = leased_.account->config.upstream_model(model_);
  const relay::outgoing_request request{.account = *leased_.account,
                                        .route = route_,
                                        .query = query,
                                        .model = sent_model,
                                        .stream = facts_.stream};
  const auto body_bytes = ex_.body.size() - model_.size() + sent_model.size();
  auto& lines = scratch_->request_lines;
  lines.clear();
  append_upstream_head(lines, request, ex_.head, body_bytes);

  // A mapped model name replaces the client's where it stands; nothing is copied.
  const auto behind_model = facts_.model_offset + model_.size();
  const std::array<asio::const_buffer, 4> pieces = {
      asio::buffer(lines), asio::const_buffer(ex_.body.data(), facts_.model_offset),
      asio::const_buffer(sent_model.data(), sent_model.size()),
      asio::const_buffer(ex_.body.data() + behind_model, ex_.body.size() - behind_model)};
  const std::array<asio::const_buffer, 2> whole = {
      asio::buffer(lines), asio::const_buffer(ex_.body.data(), ex_.body.size())};
  const bool mapped = sent_model != model_;
  ex_.guard.limit(upstream_->bytes(), ex_.worker.settings.stream_head);
  const auto sent =
      co_await upstream_->bytes().write(mapped ? std::span<const asio::const_buffer>(pieces)
                                               : std::span<const asio::const_buffer>(whole));
  ex_.guard.lift();
  ex_.record.reached_upstream |= sent == io_status::ok;
  co_return sent;
}

task<io_status> relay_request::read_answer_head() {
  auto& upstream = upstream_->bytes();
  const auto head_bytes_max = ex_.worker.settings.head_bytes_max;
  const auto& settings = ex_.worker.settings;
  parser_.emplace(answer_, head_bytes_max);
  ex_.guard.limit(upstream, facts_.stream ? settings.stream_head : settings.json_head);
  auto status = io_status::ok;
  for (;;) {
    const auto progress = parser_->parse_head(upstream.input());
    if (!progress || answer_.status == 101) {
      status = io_status::failed;
      break;
    }
    if (progress->complete) {
      upstream.consume(progress->consumed);
      if (answer_.status >= 200) break;
      parser_.emplace(answer_, head_bytes_max);  // an interim answer
      continue;
    }
    if (upstream.input().size() == upstream.capacity() && upstream.capacity() < head_bytes_max) {
      upstream.reserve(std::min<std::size_t>(4 * upstream.capacity(), head_bytes_max));
    }
    waiting answer_wait(ex_);
    status = co_await upstream.more();
    if (status != io_status::ok) break;
  }
  ex_.guard.lift();
  co_return status;
}

task<bool> relay_request::judge_answer() {
  const relay::retry_headers headers{
      .retry_after = answer_.fields.find("retry-after"),
      .unified_reset = answer_.fields.find("anthropic-ratelimit-unified-reset"),
  };
  const auto now =
      answer_.status < 400 ? wall_time{} : wall_now();  // only a failure's delay needs it
  const auto verdict = relay::judge_answer(answer_.status, headers, now);
  if (verdict.blame) ex_.port.report_failure(leased_.account, verdict);
  if (verdict.step != relay::next_step::pass_on) {
    co_await keep_refused_answer();
    excluded_.push_back(leased_.account->config.id);
    co_return false;
  }

  // Nobody is tried after this one, so the body has served: a stream may go on for minutes.
  ex_.stored_body.clear();
  ex_.body = model_ = {};

  std::unique_ptr<relay::answer_meter> meter;
  const bool streamed = is_event_stream(answer_);
  if (route_.op == relay::operation::messages && answer_.status < 300 && !is_encoded(answer_)) {
    meter = ex_.protocol->make_meter(streamed);
  }
  auto& streams = ex_.worker.metrics.live_streams;
  if (streamed) streams.add(ex_.worker.index, {}, 1);
  answer_relay relay(ex_, upstream_->bytes(), *scratch_, *parser_, meter.get());
  const auto end = co_await relay.run();
  if (streamed) streams.add(ex_.worker.index, {}, -1);

  if (meter) {
    ex_.record.usage = meter->usage();
    if (!meter->model().empty()) ex_.record.model = meter->model();
  }
  if (end == relay_end::client_gone) ex_.record.how = relay::outcome::client_gone;
  if (end == relay_end::upstream_broken) ex_.record.how = relay::outcome::upstream_failed;
  if (end != relay_end::complete) ex_.keep_alive = false;
  leave_upstream(end == relay_end::complete && relay.upstream_reusable());
  co_return true;
}

task<bool> relay_request::judge_failure(relay::failure_kind kind, bool bytes_received,
                                        error failure) {
  const bool reused = upstream_ && upstream_->reused();
  const auto verdict = relay::judge_failure(kind, reused, bytes_received, facts_.stream);
  if (verdict.blame) ex_.port.report_failure(leased_.account, verdict);
  leave_upstream(false);
  switch (verdict.step) {
    case relay::next_step::same_account_fresh: retry_same_account_ = true; co_return false;
    case relay::next_step::other_account:
      excluded_.push_back(leased_.account->config.id);
      last_failure_ = std::move(failure);
      co_return false;
    case relay::next_step::pass_on: break;
  }
  co_await send_error(ex_, failure);
  co_return true;
}

// The connection can be used again if the whole body has come; if not, it is not worth waiting for.
task<void> relay_request::keep_refused_answer() {
  auto& upstream = upstream_->bytes();
  refused_answer kept;
  kept.status = answer_.status;
  append_client_head_lines(kept.head_lines, answer_, ex_.record.request_id);
  string_sink sink;
  bool complete = false;
  ex_.guard.limit(upstream, refused_body_time);
  while (sink.text.size() < refused_body_bytes_max) {
    const auto progress = parser_->parse_body(upstream.input(), sink);
    if (!progress) break;
    upstream.consume(progress->consumed);
    complete = progress->complete;
    if (complete) break;
    if (progress->consumed > 0 && !upstream.input().empty()) continue;
    waiting body_wait(ex_);
    const auto status = co_await upstream.more();
    if (status != io_status::ok) {
      complete = parser_->may_end_here();
      break;
    }
  }
  ex_.guard.lift();
  const bool reusable = complete && answer_.keep_alive;
  kept.body = std::move(sink.text);
  refused_ = std::move(kept);
  leave_upstream(reusable);
}

// Nobody is left to try. The client gets the last upstream's own answer, unless that was about the
// account's credential, which is none of the client's business.
task<void> relay_request::give_up(error reason) {
  if (ex_.guard.client_gone()) {
    ex_.record.how = relay::outcome::client_gone;
    co_return;
  }
  if (!refused_ || refused_->status == 401) {
    co_return co_await send_error(ex_, last_failure_ ? *last_failure_ : reason);
  }
  ex_.record.status = refused_->status;
  ex_.record.failure = error_code::upstream_refused;
  auto lines = std::move(refused_->head_lines);
  lines += "content-length: " + std::to_string(refused_->body.size()) + "\r\n";
  lines += connection_line(ex_);
  lines += "\r\n";
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(lines),
                                                     asio::buffer(refused_->body)};
  ex_.guard.limit(ex_.client, ex_.worker.settings.client_write);
  const auto written = co_await ex_.client.write(buffers);
  if (written != io_status::ok) {
    ex_.record.how = relay::outcome::client_gone;
    ex_.keep_alive = false;
  }
  ex_.guard.lift();
}

bool relay_request::is_out_of_time() const {
  return steady_now() - ex_.started > ex_.worker.settings.total;
}

void relay_request::leave_upstream(bool reusable) {
  if (!upstream_) return;
  ex_.guard.serve_with(nullptr);
  if (reusable) {
    ex_.worker.pool.give_back(std::move(upstream_));
  } else {
    upstream_.reset();
  }
}

}  // namespace baton::net
