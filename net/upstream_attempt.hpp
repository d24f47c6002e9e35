// One try of a request on one account: connects, sends the request, and judges what comes back
// before anything of it reaches the client (upstream_attempt_judging.cpp). A good answer is then
// passed on.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/task.hpp"
#include "net/answer_relay.hpp"
#include "net/exchange.hpp"
#include "net/upstream_pool.hpp"
#include "relay/api.hpp"
#include "relay/route.hpp"
#include "relay/verdict.hpp"

namespace baton::net {

// An upstream's answer that was not passed on, kept for when no account does better.
struct refused_answer {
  int status = 0;
  int meaning = 0;  // the status that it amounts to, see relay::error_reading
  std::string head_lines;
  std::string body;
};

// What a try has come to. With the verdict to pass on, and neither failure nor client gone, the
// answer waits to be passed on.
struct attempt_outcome {
  relay::verdict verdict;
  std::optional<error> failure;           // in Baton's own words, where there is no answer
  std::optional<refused_answer> refused;  // the upstream's own answer
  bool client_gone = false;

  static attempt_outcome lost() {
    attempt_outcome outcome;
    outcome.client_gone = true;
    return outcome;
  }
};

class upstream_attempt {
 public:
  // `parameter`: what stands for {} in the request's path, as the client escaped it.
  upstream_attempt(exchange& ex, const relay::route& route, std::string_view parameter,
                   const relay::request_facts& facts, relay::ready_account_ptr account,
                   relay_scratch& scratch);
  ~upstream_attempt();

  // `fresh`: over a new connection, not a pooled one.
  task<attempt_outcome> run(bool fresh);

  // Whether the answer may follow the head and the comments of a begun stream.
  bool fits_begun_stream() const {
    return opened_.format == relay::answer_format::sse && meter_ != nullptr;
  }
  // By which the upstream knows the answer later on, as soon as it has said so; empty: it has not.
  std::string_view answer_id() const { return meter_ ? meter_->answer_id() : std::string_view(); }
  // What came of the answer's body; of an error all of it, if it was short.
  std::string_view beginning() const { return opened_.held; }

  // Passes the judged answer on and notes in the record what it used. `before_end`: see
  // answer_relay.
  task<relay_end> pass_on(const std::function<void()>& before_end);
  // What the account is to blame for in an answer that was passed on and ended so, if anything.
  std::optional<relay::failure_kind> failure_after(relay_end end) const;

 private:
  task<result<upstream_ptr>> connect();
  task<io_status> send_request();
  void word_request(relay::outgoing_request& request);
  task<io_status> read_head();
  task<attempt_outcome> judge_answer();
  bool undo_encoding();
  task<attempt_outcome> judge_error();
  void reword_error(const relay::error_reading& reading);
  task<attempt_outcome> judge_beginning();
  attempt_outcome judge_opening(io_status read);
  attempt_outcome fail(relay::failure_kind kind, bool bytes_received, std::string text);
  attempt_outcome break_off(io_status status, bool bytes_received);
  attempt_outcome run_out_of_time();
  attempt_outcome give_up_error_in_answer(relay::failure_kind kind);
  attempt_outcome give_up_malformed(std::string text);
  refused_answer keep(int meaning);
  bool is_lost() const;  // the client has left, and the answer is not read on
  void note_usage();
  void leave_upstream(bool reusable);
  milliseconds time(std::optional<milliseconds> relay::account_timeouts::*own,
                    milliseconds usual) const;

  exchange& ex_;
  const relay::route& route_;
  const std::string_view parameter_;
  const relay::request_facts& facts_;
  const relay::ready_account_ptr account_;
  relay_scratch& scratch_;
  response_head& answer_;  // in scratch_; its views are good until more is read
  upstream_ptr upstream_;
  std::optional<response_parser> parser_;
  std::unique_ptr<relay::answer_decoder> decoder_;  // null: the answer passes as it is
  std::unique_ptr<relay::answer_meter> meter_;
  opened_answer opened_;
  bool reused_ = false;
  steady_time sent_at_{};                     // the request
  steady_time own_end_ = steady_time::max();  // of this try, where its account has one
};

}  // namespace baton::net
