#include "relay/cost_refusal.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "relay/key_views.hpp"
#include "relay/usd_text.hpp"

namespace baton::relay {
namespace {

std::string_view shown(limit_kind limit) {
  switch (limit) {
    case limit_kind::daily_cost: return "daily cost limit";
    case limit_kind::weekly_claude_cost: return "weekly cost limit for Claude models";
    case limit_kind::window_cost: return "cost limit per window";
    default: return "total cost limit";
  }
}

// v1's names; its weekly limit is of all Claude models, whatever the name says.
std::string_view code_of(limit_kind limit) {
  switch (limit) {
    case limit_kind::daily_cost: return "daily_cost_limit_exceeded";
    case limit_kind::weekly_claude_cost: return "weekly_opus_cost_limit_exceeded";
    case limit_kind::total_cost: return "total_cost_limit_exceeded";
    default: return "";
  }
}

// Whole cents read better in a sentence; the exact amounts stand beside it.
std::string cents(std::uint64_t nanousd) {
  constexpr std::uint64_t nanousd_per_cent = 10'000'000;
  const auto rounded = nanousd / nanousd_per_cent;
  const auto rest = rounded % 100;
  return "$" + std::to_string(rounded / 100) + (rest < 10 ? ".0" : ".") + std::to_string(rest);
}

}  // namespace

error cost_spent(limit_kind limit, std::uint64_t used, std::uint64_t allowed,
                 std::optional<wall_time> resets_at) {
  std::string text = "The " + std::string(shown(limit)) +
                     " of this API key is used up: " + cents(used) + " of $" + spell_usd(allowed);
  if (resets_at) text += ". It begins anew at " + iso_time(*resets_at);
  const bool of_window = limit == limit_kind::window_cost;
  auto refused = downstream_error(of_window ? error_code::rate_limited : error_code::quota_exceeded,
                                  std::move(text));
  auto details = std::make_shared<error_details>();
  details->name = code_of(limit);
  details->members = {{"currentCost", spell_usd(used)}, {"costLimit", spell_usd(allowed)}};
  if (resets_at) details->members.emplace_back("resetAt", '"' + iso_time(*resets_at) + '"');
  refused.limit = limit;
  refused.details = std::move(details);
  return refused;
}

error cost_crowded(limit_kind limit, std::uint64_t allowed, std::uint32_t running) {
  auto refused = downstream_error(
      error_code::rate_limited,
      "Requests of this API key that are running may use up the rest of its " +
          std::string(shown(limit)) + " ($" + spell_usd(allowed) + "). Please try again shortly");
  refused.retry_after = std::chrono::seconds(std::clamp<std::uint32_t>(running, 1, 5));
  refused.limit = limit;
  return refused;
}

}  // namespace baton::relay
