// Relays one request: admits it, tries accounts until an answer is worth passing on, streams that
// answer to the client and notes what it used.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/session_port.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "net/exchange.hpp"
#include "net/upstream_pool.hpp"
#include "relay/api.hpp"
#include "relay/route.hpp"
#include "relay/verdict.hpp"

namespace baton::net {

class relay_request {
 public:
  // `ex` has been authenticated and its body read.
  relay_request(exchange& ex, const relay::route& route);
  ~relay_request();

  task<void> run();

 private:
  // An upstream's answer that was not passed on, kept for when no account does better.
  struct refused_answer {
    int status = 0;
    std::string head_lines;
    std::string body;
  };

  result<void> inspect();
  task<void> try_accounts();
  task<result<actors::leased_account>> next_account();
  // One try; true when the client has got its answer, whatever it is, or is gone.
  task<bool> attempt(bool fresh_connection);
  task<result<upstream_ptr>> connection(bool fresh);
  task<io_status> send_request();
  task<io_status> read_answer_head();
  task<bool> judge_answer();
  task<bool> judge_failure(relay::failure_kind kind, bool bytes_received, error failure);
  task<void> keep_refused_answer();
  task<void> give_up(error reason);
  bool is_out_of_time() const;
  void leave_upstream(bool reusable);

  exchange& ex_;
  const relay::route& route_;
  relay::request_facts facts_;
  std::string_view model_;  // in the body
  actors::reservation reservation_;
  std::vector<account_id> excluded_;
  actors::leased_account leased_;
  upstream_ptr upstream_;
  std::unique_ptr<relay_scratch> scratch_;
  response_head& answer_;  // in scratch_
  std::optional<response_parser> parser_;
  std::optional<refused_answer> refused_;
  std::optional<error> last_failure_;
  bool retry_same_account_ = false;
};

}  // namespace baton::net
