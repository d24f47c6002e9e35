// What a connection's session asks of the actors, without seeing them: net/ knows only this.
// Everything here runs on the connection's own worker.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/lease.hpp"
#include "base/task.hpp"
#include "relay/account_pool.hpp"
#include "relay/key_limiter.hpp"
#include "relay/request_record.hpp"
#include "relay/verdict.hpp"
#include "storage/store.hpp"

namespace baton::actors {

// What a key has reserved for one request. Settled with what the request really used; destroyed
// without, it is cancelled and everything goes back.
class reservation {
 public:
  reservation() = default;  // of a key without limits: nothing to settle
  using finish_fn = std::function<void(std::optional<std::uint64_t> tokens)>;
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

  void settle(std::uint64_t tokens) { end(tokens); }

 private:
  void end(std::optional<std::uint64_t> tokens) {
    if (auto finish = std::exchange(finish_, nullptr)) finish(tokens);
  }
  finish_fn finish_;
};

// An account to send the request to, with its slot if the account has a limit.
struct leased_account {
  relay::ready_account_ptr account;
  lease slot;
};

struct account_wish {
  const relay::api* protocol = nullptr;
  std::string_view model;
  const account_id* bound_account = nullptr;
  std::vector<account_id>* excluded = nullptr;  // tried or found full; lease_account() may add
};

class session_port {
 public:
  virtual ~session_port() = default;

  // Checks and reserves the key's limits in one step. Errors: rate_limited.
  virtual task<result<reservation>> admit(const relay::api_key_ptr& key,
                                          relay::usage_estimate estimate) = 0;

  // Chooses an account and takes its slot; an account found full meanwhile is passed over. Errors:
  // no_account, rate_limited.
  virtual task<result<leased_account>> lease_account(account_wish wish) = 0;

  // An attempt on the account failed, and the account is to blame.
  virtual void report_failure(const relay::ready_account_ptr& account,
                              const relay::verdict& verdict) = 0;

  // A request has ended.
  virtual void record(relay::request_record&& ended) = 0;

  // Usage as stored, including everything recorded before this call.
  virtual task<result<std::vector<storage::usage_sum>>> usage(storage::usage_query query) = 0;

  // Whether the store answers and at least one account is usable; the text says what is not.
  virtual task<result<void>> readiness() = 0;

  // The session has ended by itself; its connection may be forgotten.
  virtual void finished() = 0;
};

}  // namespace baton::actors
