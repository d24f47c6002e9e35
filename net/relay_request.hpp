// Relays one request: admits it, tries accounts until an answer is worth passing on, streams that
// answer to the client and notes what it used.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/session_port.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "net/exchange.hpp"
#include "net/upstream_attempt.hpp"
#include "relay/api.hpp"
#include "relay/route.hpp"
#include "relay/verdict.hpp"

namespace baton::net {

class relay_request {
 public:
  // `ex` has been authenticated and its body read. `match` lives as long.
  relay_request(exchange& ex, const relay::route_match& match);
  ~relay_request();

  task<void> run();

 private:
  // A failure that may be the request's own doing, until another account has answered it.
  struct suspicion {
    relay::ready_account_ptr account;
    relay::verdict verdict;
    bool probe;
  };

  result<void> inspect();
  relay::usage_estimate estimate() const;
  task<result<void>> admit();
  task<void> try_accounts();
  task<result<void>> next_account();
  // One try; true when the client has got its answer, whatever it is, or is gone.
  task<bool> attempt();
  void begin_passing_on();
  void remember_answer(const upstream_attempt& answered);
  task<void> refuse_in_stream(upstream_attempt& answered);
  void note_end(relay_end end);
  // True: another try is due.
  bool take_in_failure(attempt_outcome& outcome);
  void keep_best(refused_answer answer);
  void settle_suspicions(bool answered);
  task<void> give_up(error reason);
  task<void> send_refused(std::optional<std::chrono::seconds> retry_after);
  // These give back what the request holds: before the client can know that its answer is over, so
  // that its next request finds everything free.
  void settle();  // with what was used
  void give_back_unused();

  exchange& ex_;
  const relay::route_match& match_;
  const relay::route& route_;
  std::string parameter_;  // unescaped
  relay::request_facts facts_;
  relay::session_facts session_;
  actors::reservation reservation_;
  std::vector<account_id> failed_accounts_;
  actors::leased_account leased_;
  std::unique_ptr<relay_scratch> scratch_;
  std::optional<refused_answer> refused_;  // the best so far
  std::optional<error> last_failure_;
  std::vector<suspicion> suspicions_;
  bool retry_same_account_ = false;
  bool rate_limited_ = false;  // some account was
  bool settled_ = false;
  relay::token_usage charged_;  // when it was settled
  bool remembered_ = false;     // which account keeps the answer
};

}  // namespace baton::net
