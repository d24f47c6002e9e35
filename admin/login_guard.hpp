// Who may try a password now. Guessing must be hopeless, must not cost the server its time, and
// must not lock the administrator out:
//
// - An address that fails 10 times within 15 minutes is refused for 15 minutes.
// - A user name for which 30 tries fail within 15 minutes, from wherever, is refused for 15
// minutes,
//   but not to addresses from which somebody has logged in within the last 30 days: whoever tries
//   others' names locks out nobody who has been here before.
// - All together may try 10 times a second, again but for those addresses.
//
// So while an attack by many addresses goes on, an administrator can be kept from logging in at a
// new address, or after a restart, which forgets the known ones; tokens that are out work on.
//
// Of IPv6 the network of 64 bits counts, which is what one client has.
//
// Belongs to one thread; forgotten with the process. Memory is bounded: refused tries are not
// remembered, so that no more failures can be young enough to matter than fit.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "admin/recent_map.hpp"
#include "base/time.hpp"

namespace baton::admin {

namespace login_limits {
constexpr std::size_t failures_of_address = 10;
constexpr std::size_t failures_of_name = 30;
constexpr std::chrono::minutes window{15};
constexpr std::size_t checks_per_second = 10;
constexpr std::chrono::days known_for{30};
constexpr std::size_t remembered_max = 10'000;  // addresses that failed, and as many names
constexpr std::size_t known_max = 500;
}  // namespace login_limits

struct login_refusal {
  std::chrono::seconds retry_after;
  bool is_first;  // nobody was refused for this reason before
};

// Failures by address or by name.
class failure_counter {
 public:
  explicit failure_counter(std::size_t failures_max)
      : failures_max_(failures_max), tallies_(login_limits::remembered_max) {}

  std::optional<login_refusal> refuse(const std::string& whom, steady_time now);
  void count(const std::string& whom, steady_time now);
  void forget(const std::string& whom) { tallies_.erase(whom); }
  std::size_t size() const { return tallies_.size(); }

 private:
  struct tally {
    std::size_t failures = 0;
    steady_time until{};  // then it begins anew
    bool was_refused = false;
  };

  std::size_t failures_max_;
  recent_map<tally> tallies_;
};

class login_guard {
 public:
  // Nothing: the password may be checked, and failed() or succeeded() must be told of the outcome.
  std::optional<login_refusal> refuse(std::string_view address, std::string_view name,
                                      steady_time now);
  void failed(std::string_view address, std::string_view name, steady_time now);
  void succeeded(std::string_view address, steady_time now);

  // When they were about a password that is none any more. Known addresses stay.
  void forget_failures();

  std::size_t remembered() const { return by_address_.size() + by_name_.size() + known_.size(); }

 private:
  bool is_known(const std::string& network, steady_time now);
  std::optional<login_refusal> take_turn(steady_time now);

  failure_counter by_address_{login_limits::failures_of_address};
  failure_counter by_name_{login_limits::failures_of_name};
  recent_map<steady_time> known_{login_limits::known_max};  // until when
  steady_time turns_taken_until_{};
  bool turns_were_refused_ = false;
};

}  // namespace baton::admin
