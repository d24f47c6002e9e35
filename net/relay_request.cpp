#include "net/relay_request.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "net/client_stream.hpp"
#include "net/head_lines.hpp"
#include "net/own_answer.hpp"
#include "relay/model_family.hpp"
#include "relay/path_parameter.hpp"

namespace baton::net {
namespace {

// The usual estimate of a prompt is a token for 4 bytes. What is reserved of money allows for text
// that is denser.
constexpr std::uint64_t cost_input_factor = 2;

constexpr std::size_t shown_error_bytes_max = 2000;

// Which of several upstreams' refusals says most to the client: to come back later rather than
// that something broke.
int worth(int status) {
  switch (status) {
    case 429: return 5;
    case 529: return 4;
    case 503: return 3;
    case 401: return 0;  // about the account's credential: none of the client's business
    default: return status >= 500 ? 2 : 1;
  }
}

// A client may ask for any number.
std::int64_t token_count(std::uint64_t tokens) {
  return static_cast<std::int64_t>(std::min(tokens, relay::amount_max));
}

}  // namespace

relay_request::relay_request(exchange& ex, const relay::route_match& match)
    : ex_(ex), match_(match), route_(*match.found), scratch_(ex.worker.scratch.take()) {}

// If its connection is destroyed: what reached an upstream is used, not taken back.
relay_request::~relay_request() {
  if (ex_.record.reached_upstream) settle();
  ex_.worker.scratch.give_back(std::move(scratch_));
}

task<void> relay_request::run() {
  if (const auto inspected = inspect(); !inspected) {
    co_return co_await send_error(ex_, inspected.error());
  }
  ex_.end = ex_.started + ex_.worker.settings.total;
  ex_.guard.end_by(ex_.end);
  ex_.guard.serve_with(nullptr);
  result<void> admitted;
  const bool limited = ex_.record.key->limits.any();
  if (limited && !ex_.guard.called_off()) admitted = co_await admit();
  if (ex_.guard.called_off()) admitted = key_taken_away();
  if (admitted && !ex_.guard.client_gone()) {
    co_await try_accounts();
  } else if (!ex_.guard.client_gone()) {
    co_await send_error(ex_, admitted.error());
  }
  if (ex_.guard.client_gone()) ex_.record.how = relay::outcome::client_gone;
}

result<void> relay_request::inspect() {
  const auto& key = *ex_.record.key;
  if (auto allowed = relay::check_service(key, ex_.protocol->service()); !allowed) return allowed;
  auto parameter = relay::read_path_parameter(match_.parameter);
  if (!parameter) return parameter.error();
  parameter_ = *std::move(parameter);
  const relay::client_request request{.route = route_,
                                      .headers = ex_.head.fields,
                                      .parameter = parameter_,
                                      .query = ex_.head.query,
                                      .padded_body = ex_.body};
  auto facts = ex_.protocol->inspect(request);
  if (!facts) return facts.error();
  facts_ = *facts;
  ex_.record.model = ex_.record.model_asked = facts_.model;
  ex_.record.stream = facts_.stream;
  ex_.may_comment = facts_.stream && facts_.stream_format == relay::answer_format::sse;
  const bool names_answer =
      route_.op == relay::operation::stored_answer || !facts_.previous.empty();
  if (relay::has_session(route_.op) && (ex_.worker.view.has_choice || names_answer)) {
    session_ = ex_.protocol->session(request, facts_, key.id.value());
    const bool from_content = !session_.named && !session_.bound;
    if (from_content && !ex_.worker.settings.sessions_from_content) session_ = {};
  }
  return relay::check_model(key, facts_.model);
}

relay::usage_estimate relay_request::estimate() const {
  relay::usage_estimate estimate{
      .tokens = facts_.estimated_input_tokens + facts_.max_output_tokens,
      .takes_slot = relay::is_billed(route_.op),
      .claude = ex_.protocol->service() == "claude" || relay::is_claude_model(facts_.model),
  };
  if (!relay::is_billed(route_.op)) return estimate;
  const auto by =
      relay::highest_rates(ex_.worker.settings.service_rates, *ex_.protocol, *ex_.record.key);
  const auto most =
      relay::estimate_cost(*ex_.worker.view.prices, facts_.model,
                           token_count(cost_input_factor * facts_.estimated_input_tokens),
                           token_count(facts_.max_output_tokens), by);
  estimate.cost_nanousd = static_cast<std::uint64_t>(most.rated_nanousd);
  return estimate;
}

task<result<void>> relay_request::admit() {
  std::optional<comment_ticker> ticker;
  if (takes_comments(ex_)) ticker.emplace(ex_);
  ex_.guard.wait_with([this] { ex_.port.stop_waiting(); });
  auto admitted = co_await ex_.port.admit(ex_.record.key, estimate());
  ex_.guard.wait_with(nullptr);
  if (ticker) co_await ticker->stop();
  if (!admitted) co_return admitted.error();
  ex_.record.queue_wait += admitted->waited;
  reservation_ = std::move(admitted->claim);
  co_return result<void>{};
}

task<void> relay_request::try_accounts() {
  while (ex_.record.attempts < ex_.worker.settings.attempts_max && !ex_.guard.past_end()) {
    if (!std::exchange(retry_same_account_, false)) {
      const auto next = co_await next_account();
      if (ex_.guard.client_gone()) co_return;
      if (!next) co_return co_await give_up(next.error());
    }
    ++ex_.record.attempts;
    const bool settled = co_await attempt();
    if (settled) co_return;
  }
  co_await give_up(internal_error(error_code::no_account, "No account could serve the request."));
}

task<result<void>> relay_request::next_account() {
  leased_ = {};
  actors::account_wish wish;
  wish.protocol = ex_.protocol;
  wish.model = facts_.model;
  wish.key = ex_.record.key;
  wish.session = session_;
  wish.failed = failed_accounts_;
  std::optional<comment_ticker> ticker;
  if (takes_comments(ex_)) ticker.emplace(ex_);
  ex_.guard.wait_with([this] { ex_.port.stop_waiting(); });
  auto leased = co_await ex_.port.lease_account(wish);
  ex_.guard.wait_with(nullptr);
  if (ticker) co_await ticker->stop();
  if (!leased) co_return leased.error();
  leased_ = std::move(*leased);
  ex_.record.account = leased_.account;
  ex_.record.queue_wait += leased_.waited;
  co_return result<void>{};
}

task<bool> relay_request::attempt() {
  const bool fresh =
      !ex_.record.failed.empty() && ex_.record.failed.back().account == leased_.account->config.id;
  upstream_attempt trying(ex_, route_, match_.parameter, facts_, leased_.account, *scratch_);
  auto outcome = co_await trying.run(fresh);
  if (outcome.client_gone) co_return true;
  const auto& verdict = outcome.verdict;
  if (verdict.blame) ex_.port.report_failure(leased_.account, verdict, leased_.probe);
  const bool has_answer = !outcome.failure && !outcome.refused;
  if (has_answer && ex_.stream_begun && !trying.fits_begun_stream()) {
    co_await refuse_in_stream(trying);
    co_return true;
  }
  if (has_answer) {
    begin_passing_on();
    remember_answer(trying);
    const std::function<void()> before_end = [&] {
      remember_answer(trying);
      settle();
    };
    const auto end = co_await trying.pass_on(before_end);
    if (const auto late = trying.failure_after(end)) {
      ex_.port.report_failure(leased_.account, {relay::next_step::pass_on, *late}, leased_.probe);
    }
    note_end(end);
    co_return true;
  }
  const bool try_again = take_in_failure(outcome);
  if (try_again && !ex_.guard.client_gone()) co_return false;
  give_back_unused();
  if (!ex_.guard.client_gone() && last_failure_) co_await send_error(ex_, *last_failure_);
  co_return true;
}

bool relay_request::take_in_failure(attempt_outcome& outcome) {
  const auto& id = leased_.account->config.id;
  const auto& verdict = outcome.verdict;
  if (outcome.failure) last_failure_ = std::move(outcome.failure);
  if (outcome.refused) keep_best(std::move(*outcome.refused));
  if (verdict.step == relay::next_step::pass_on) {
    if (verdict.provisional) suspicions_.push_back({leased_.account, verdict, leased_.probe});
    settle_suspicions(false);
    return false;
  }
  if (verdict.step == relay::next_step::same_account_fresh) {
    ex_.record.failed.push_back({id, relay::failure_kind::broken});
    retry_same_account_ = true;
    return true;
  }
  if (verdict.blame) ex_.record.failed.push_back({id, *verdict.blame});
  rate_limited_ |= verdict.blame == relay::failure_kind::rate_limited;
  failed_accounts_.push_back(id);
  if (verdict.provisional) suspicions_.push_back({leased_.account, verdict, leased_.probe});
  return true;
}

void relay_request::keep_best(refused_answer answer) {
  if (!refused_ || worth(answer.meaning) >= worth(refused_->meaning)) refused_ = std::move(answer);
}

// An answer to the same request shows that the accounts which failed on it are to blame. Where
// nobody answered it, only an account that nothing can be compared with is, and only a little: its
// circuit counts it. A credential that was refused does not come back by itself, though.
void relay_request::settle_suspicions(bool answered) {
  if (!answered && suspicions_.size() > 1) suspicions_.clear();
  for (auto& each : suspicions_) {
    const bool refused = each.verdict.blame == relay::failure_kind::unauthorized;
    if (!answered && !refused) each.verdict.cooldown = {};
    ex_.port.confirm_failure(each.account, each.verdict, each.probe);
  }
  suspicions_.clear();
}

void relay_request::begin_passing_on() {
  if (scratch_->answer.status < 400) settle_suspicions(true);
  ex_.port.report_success(leased_);
  // Nobody is tried after this one, so the body has served: a stream may go on for minutes.
  ex_.stored_body.clear();
  ex_.body = facts_.model = {};
}

// Whoever asks for the answer by its id is sent to the account that keeps it: from the moment on
// that the client can know the id.
void relay_request::remember_answer(const upstream_attempt& answered) {
  const auto id = answered.answer_id();
  if (!facts_.stored || remembered_ || id.empty()) return;
  remembered_ = true;
  ex_.port.answer_stored(relay::stored_answer_key(ex_.record.key->id.value(), id),
                         relay::stored_answer_key({}, id), leased_.account->config.id);
}

// Comments have brought the status 200 and an event stream, but the answer is neither.
task<void> relay_request::refuse_in_stream(upstream_attempt& answered) {
  ex_.port.report_success(leased_);
  const error refused = upstream_error(
      error_code::upstream_refused,
      "The upstream answered with status " + std::to_string(scratch_->answer.status) + ": " +
          std::string(answered.beginning().substr(0, shown_error_bytes_max)));
  ex_.record.failure = refused.code;
  ex_.record.how = relay::outcome::refused;
  settle();
  co_await end_stream(ex_, refused);
}

void relay_request::note_end(relay_end end) {
  if (end == relay_end::complete) return;
  auto& record = ex_.record;
  switch (end) {
    case relay_end::client_gone: record.how = relay::outcome::client_gone; break;
    case relay_end::called_off:
    case relay_end::unrecorded: record.how = relay::outcome::refused; break;
    default: record.how = relay::outcome::upstream_failed;
  }
  if (end != relay_end::upstream_error) ex_.keep_alive = false;
}

// At the prices in force now: a table that came while the request ran holds for all of it.
void relay_request::settle() {
  auto& record = ex_.record;
  if (std::exchange(settled_, true) && record.usage == charged_) return;
  charged_ = record.usage;
  const auto& prices = ex_.worker.view.prices;
  relay::rates by;
  if (record.account) {
    by = relay::rates_of(ex_.worker.settings.service_rates, record.account->config.platform,
                         *record.key);
  }
  record.cost = relay::cost_of(*prices, record.model, record.usage, by, record.tier);
  record.priced_by = prices;
  // As usage is stored: what is not billed costs nothing, and the model is the one that answered.
  const bool billed = relay::is_billed(route_.op);
  reservation_.settle(
      {.tokens = static_cast<std::uint64_t>(record.usage.total()),
       .cost_nanousd = billed ? static_cast<std::uint64_t>(record.cost.rated_nanousd) : 0,
       .claude = relay::is_claude_model(record.model)});
  leased_.slot.release();
}

// What reached an upstream counts as a request, whatever came of it.
void relay_request::give_back_unused() {
  if (ex_.record.reached_upstream) return settle();
  reservation_ = {};
  leased_.slot.release();
}

// Nobody is left to try. The client gets the best that an upstream said, unless that was about the
// account's credential; a 429 says when the first account is back.
task<void> relay_request::give_up(error reason) {
  settle_suspicions(false);
  give_back_unused();
  const bool has_answer = refused_ && refused_->meaning != 401;
  if (has_answer && !ex_.stream_begun && !ex_.guard.called_off()) {
    co_return co_await send_refused(refused_->meaning == 429 ? reason.retry_after : std::nullopt);
  }
  if (ex_.guard.called_off()) co_return co_await send_error(ex_, key_taken_away());
  if (rate_limited_) reason.code = error_code::rate_limited;
  const error& best = last_failure_ && !rate_limited_ ? *last_failure_ : reason;
  co_await send_error(ex_, best);
}

task<void> relay_request::send_refused(std::optional<std::chrono::seconds> retry_after) {
  ex_.record.status = refused_->status;
  ex_.record.failure = error_code::upstream_refused;
  auto lines = std::move(refused_->head_lines);
  if (retry_after) replace_line(lines, "retry-after", std::to_string(retry_after->count()));
  append_attempt_lines(lines, ex_.record);
  lines += "content-length: " + std::to_string(refused_->body.size()) + "\r\n";
  lines += connection_line(ex_);
  lines += "\r\n";
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(lines),
                                                     asio::buffer(refused_->body)};
  ex_.guard.limit(ex_.client, ex_.worker.settings.client_write);
  const auto written = co_await ex_.client.write(buffers);
  ex_.guard.lift();
  if (written != io_status::ok) {
    ex_.guard.give_up_client();
    ex_.keep_alive = false;
  }
}

}  // namespace baton::net
