#include "admin/login_guard.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace baton::admin {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t name_bytes_max = 64;
constexpr std::chrono::milliseconds turn = 1000ms / login_limits::checks_per_second;

// Nothing that still counts is ever pushed out by newer failures.
static_assert(login_limits::checks_per_second *
                      (std::chrono::seconds(login_limits::window).count() + 1) +
                  login_limits::known_max <=
              login_limits::remembered_max);

// What stands for the client: its IPv4 address or its IPv6 network; one for all that are neither.
std::string network_of(std::string_view address) {
  const std::string text(address.substr(0, INET6_ADDRSTRLEN));
  std::array<std::uint8_t, 16> bytes{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return text;
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return {};
  constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::array<char, INET6_ADDRSTRLEN> spelled{};
  if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) {
    return ::inet_ntop(AF_INET, &bytes[12], spelled.data(), spelled.size());
  }
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return ::inet_ntop(AF_INET6, bytes.data(), spelled.data(), spelled.size());
}

// No administrator has a longer name.
std::string bounded(std::string_view name) {
  return std::string(name.substr(0, name_bytes_max));
}

}  // namespace

std::optional<login_refusal> failure_counter::refuse(const std::string& whom, steady_time now) {
  auto* const found = tallies_.find(whom);
  if (found == nullptr || found->failures < failures_max_ || now >= found->until) {
    return std::nullopt;
  }
  return login_refusal{std::chrono::ceil<std::chrono::seconds>(found->until - now),
                       !std::exchange(found->was_refused, true)};
}

void failure_counter::count(const std::string& whom, steady_time now) {
  auto& tally = tallies_.use(whom);
  if (now >= tally.until) tally = {0, now + login_limits::window, false};
  if (++tally.failures == failures_max_) tally.until = now + login_limits::window;
}

std::optional<login_refusal> login_guard::refuse(std::string_view address, std::string_view name,
                                                 steady_time now) {
  const auto network = network_of(address);
  if (auto refused = by_address_.refuse(network, now)) return refused;
  if (is_known(network, now)) return std::nullopt;
  if (auto refused = by_name_.refuse(bounded(name), now)) return refused;
  return take_turn(now);
}

void login_guard::failed(std::string_view address, std::string_view name, steady_time now) {
  const auto network = network_of(address);
  by_address_.count(network, now);
  if (!is_known(network, now)) by_name_.count(bounded(name), now);
}

void login_guard::succeeded(std::string_view address, steady_time now) {
  const auto network = network_of(address);
  by_address_.forget(network);
  known_.use(network) = now + login_limits::known_for;
}

void login_guard::forget_failures() {
  by_address_ = failure_counter(login_limits::failures_of_address);
  by_name_ = failure_counter(login_limits::failures_of_name);
}

bool login_guard::is_known(const std::string& network, steady_time now) {
  const auto* const until = known_.find(network);
  return until != nullptr && now < *until;
}

std::optional<login_refusal> login_guard::take_turn(steady_time now) {
  constexpr auto ahead_max = turn * login_limits::checks_per_second;
  turns_taken_until_ = std::max(turns_taken_until_, now);
  if (turns_taken_until_ - now >= ahead_max) {
    return login_refusal{1s, !std::exchange(turns_were_refused_, true)};
  }
  turns_taken_until_ += turn;
  turns_were_refused_ = false;
  return std::nullopt;
}

}  // namespace baton::admin
