// What a connection's session asks of the actors, without seeing them: net/ knows only this.
// Everything here runs on the connection's own worker.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/lease.hpp"
#include "base/task.hpp"
#include "relay/account_explanation.hpp"
#include "relay/account_pool.hpp"
#include "relay/account_report.hpp"
#include "relay/key_limiter.hpp"
#include "relay/request_record.hpp"
#include "relay/session_key.hpp"
#include "relay/verdict.hpp"
#include "storage/ledger/ledger_query.hpp"
#include "storage/store.hpp"

namespace baton::admin {
struct request;
struct findings;
struct step;
}  // namespace baton::admin

namespace baton::actors {

// What a key has reserved for one request. Settled with what the request really used; destroyed
// without, it is cancelled and everything goes back.
class reservation {
 public:
  reservation() = default;  // of a key without limits: nothing to settle
  using finish_fn = std::function<void(std::optional<relay::usage_amount> used)>;
  explicit reservation(finish_fn finish) : finish_(std::move(finish)) {}
  reservation(reservation&& other) noexcept : finish_(std::exchange(other.finish_, nullptr)) {}
  reservation& operator=(reservation&& other) noexcept {
    if (this != &other) {
      end(std::nullopt);
      finish_ = std::exchange(other.finish_, nullptr);
    }
    return *this;
  }
  ~reservation() { end(std::nullopt); }

  void settle(const relay::usage_amount& used) { end(used); }

 private:
  void end(std::optional<relay::usage_amount> used) {
    if (auto finish = std::exchange(finish_, nullptr)) finish(used);
  }
  finish_fn finish_;
};

struct admission {
  reservation claim;
  std::chrono::microseconds waited{0};  // in the key's queue
};

// An account to send the request to, with its slot if the account has a limit.
struct leased_account {
  relay::ready_account_ptr account;
  lease slot;
  bool probe = false;  // whether the account works again is to be found out by this request
  std::chrono::microseconds waited{0};  // for a slot
};

struct account_wish {
  const relay::api* protocol = nullptr;
  std::string_view model;
  relay::api_key_ptr key;
  relay::session_facts session;
  std::span<const account_id> failed;  // tried by this request
  // Only this account can serve it: it keeps what the request names.
  std::optional<account_id> only{};
};

class session_port {
 public:
  virtual ~session_port() = default;

  // Checks and reserves the key's limits in one step; waits for one of the key's own slots, if the
  // key may. Errors: rate_limited, quota_exceeded, cancelled (stop_waiting).
  virtual task<result<admission>> admit(const relay::api_key_ptr& key,
                                        relay::usage_estimate estimate) = 0;

  // Chooses an account and takes its slot; waits while every account that could serve is full.
  // Errors: no_account, rate_limited, cancelled (stop_waiting).
  virtual task<result<leased_account>> lease_account(account_wish wish) = 0;

  // The client has left: what the session waits for in a queue is not wanted any more.
  virtual void stop_waiting() = 0;

  // An attempt on the account failed, and the account is to blame, at least provisionally.
  // `probe`: as leased_account says.
  virtual void report_failure(const relay::ready_account_ptr& account,
                              const relay::verdict& verdict, bool probe) = 0;
  // A provisional verdict that was reported stands, with this cooldown.
  virtual void confirm_failure(const relay::ready_account_ptr& account,
                               const relay::verdict& verdict, bool probe) = 0;
  // The account has answered.
  virtual void report_success(const leased_account& leased) = 0;

  // The account keeps an answer; see relay::session_facts for the keys.
  virtual void answer_stored(const relay::session_key& own, const relay::session_key& anyones,
                             const account_id& account) = 0;

  // Brings the record of a request to the disk, ahead of record(), which is then told that it was
  // handed over: on an error (storage_failed) too, as it is then written later.
  virtual task<result<void>> write_record(relay::request_record ended) = 0;

  // A key whose life begins with its first use has been used. May be called again.
  virtual void key_first_used(const key_id& key, wall_time when) = 0;

  // A request has ended.
  virtual void record(relay::request_record&& ended) = 0;

  // The models that the key may ask for.
  virtual task<result<relay::model_offer>> models(const relay::api_key_ptr& key) = 0;

  // Which account the wish would be given now, and why no other; nothing is taken.
  virtual task<result<relay::choice_explanation>> explain(account_wish wish) = 0;

  // How each account does, in no order.
  virtual task<result<std::vector<relay::account_report>>> account_states() = 0;

  // Ends whatever keeps the account away, but for its quota: for all workers when it answers.
  // Errors: not_found.
  virtual task<result<void>> reset_account(account_id id) = 0;

  // Usage as stored, including everything recorded before this call.
  virtual task<result<std::vector<storage::usage_sum>>> usage(storage::usage_query query) = 0;

  // Single requests, also those recorded before this call.
  virtual task<result<storage::ledger_page>> recorded_requests(storage::record_query query) = 0;

  // One step of a call of the administration; see admin/service.hpp.
  virtual task<result<admin::step>> administer(std::shared_ptr<const admin::request> asked,
                                               admin::findings found) = 0;
  // Returns when what is stored now is in force on every worker.
  virtual task<result<void>> reload_directory() = 0;
  // Returns when everything that ended before is in the store's sums.
  virtual task<result<void>> flush_usage() = 0;

  // What a key has used of its window at this moment.
  virtual task<result<relay::window_use>> window_of(const key_id& key) = 0;

  // Whether the store answers and at least one account is usable; the text says what is not.
  virtual task<result<void>> readiness() = 0;

  // The session has ended by itself; its connection may be forgotten.
  virtual void finished() = 0;
};

}  // namespace baton::actors
