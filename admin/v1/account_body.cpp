#include "admin/v1/account_body.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "admin/account_fields.hpp"
#include "admin/v1/unused_fields.hpp"
#include "relay/usd_text.hpp"
#include "relay/verdict.hpp"

namespace baton::admin::v1 {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using relay::account_state;
using std::chrono::minutes;

constexpr std::int64_t rate_limit_minutes_max = 7 * 24 * 60;

constexpr std::array<unused_field, 5> unused = {
    {{"userAgent", unused_field::what::nothing, "must be empty: it cannot be set for an account"},
     {"quotaResetTime", unused_field::what::nothing,
      "must be 00:00: quotas begin anew at midnight of time.utc_offset", "00:00"},
     {"disableAutoProtection", unused_field::what::nothing,
      "must be false: set cooldowns to 0 instead"},
     {"interceptWarmup", unused_field::what::nothing,
      "must be false: requests are never answered without the upstream"},
     {"subscriptionExpiresAt", unused_field::what::nothing,
      "must be null: accounts do not end by themselves"}}};

std::string rate_limited() {
  return std::string(to_string(relay::failure_kind::rate_limited));
}

// v1's minutes to keep away after a 429 that does not say how long.
result<void> read_rate_limit_duration(json& body, relay::account& account) {
  const auto sent = body.find("rateLimitDuration");
  if (sent == body.end()) return {};
  const auto kind = duration_of<minutes>(0, rate_limit_minutes_max);
  const auto length = kind.read(*sent, "rateLimitDuration");
  if (!length) return length.error();
  account.cooldowns[rate_limited()] = *length;
  body.erase(sent);
  return {};
}

result<void> rename_concurrency(json& body) {
  const auto sent = body.find("maxConcurrentTasks");
  if (sent == body.end()) return {};
  const auto limit = whole_number<std::uint32_t>(0, 1'000'000).read(*sent, "maxConcurrentTasks");
  if (!limit) return limit.error();
  body.erase(sent);
  body["concurrencyLimit"] = *limit;
  return {};
}

// null is what is not set, and an empty key in a form that of before.
void drop_unset(json& body) {
  for (auto each = body.begin(); each != body.end();) {
    const bool means_something = each.key() == "proxy" || each.key() == "groupId";
    const bool unset =
        (each->is_null() && !means_something) || (each.key() == "apiKey" && *each == "");
    each = unset ? body.erase(each) : std::next(each);
  }
}

ordered_json rate_limit_minutes(const relay::account& account) {
  const auto own = account.cooldowns.find(rate_limited());
  if (own == account.cooldowns.end()) return nullptr;
  return std::chrono::ceil<minutes>(own->second).count();
}

}  // namespace

std::string_view status_word(const relay::account_report* report) {
  if (report == nullptr) return "error";
  switch (report->state) {
    case account_state::active:
    case account_state::full: return "active";
    case account_state::rate_limited: return "rate_limited";
    case account_state::unauthorized: return "unauthorized";
    case account_state::blocked: return "account_blocked";
    case account_state::over_quota: return "quota_exceeded";
    case account_state::cooling_down:
    case account_state::circuit_open: return "overloaded";
    case account_state::inactive: break;
  }
  return "inactive";
}

ordered_json account_json(const relay::account& account, const relay::account_report* report) {
  auto shown = show_fields(account_fields(), account);
  shown["maxConcurrentTasks"] = account.concurrency_limit;
  shown.erase("concurrencyLimit");
  const auto quota = static_cast<std::int64_t>(account.quota.cost_nanousd);
  shown["dailyQuota"] = relay::usd_number(quota);
  shown["rateLimitDuration"] = rate_limit_minutes(account);
  shown["groupId"] =
      account.groups.empty() ? ordered_json(nullptr) : ordered_json(account.groups.front().value());
  shown["status"] = status_word(report);
  return shown;
}

result<void> read_account(json body, relay::account& account, read_mode mode) {
  auto changed = account;
  if (auto done = drop_unused(body, unused); !done) return done;
  drop_unset(body);
  if (auto done = read_rate_limit_duration(body, changed); !done) return done;
  if (auto done = rename_concurrency(body); !done) return done;
  if (auto done = admin::read_account(body, changed, mode); !done) return done;
  account = std::move(changed);
  return {};
}

}  // namespace baton::admin::v1
