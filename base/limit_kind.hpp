// The limits that requests can be refused for: the value of the metrics' label `limit`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace baton {

enum class limit_kind : std::uint8_t {
  accounts,     // every account that could serve is full, or limited by its upstream
  queue,        // there was no place to wait in, or the time to wait was over
  concurrency,  // this and the following are the key's
  window_requests,
  window_tokens,
  window_cost,
  daily_cost,
  total_cost,
  weekly_claude_cost,
};
inline constexpr std::size_t limit_kind_count = 9;

constexpr std::string_view to_string(limit_kind kind) {
  switch (kind) {
    case limit_kind::accounts: return "accounts";
    case limit_kind::queue: return "queue";
    case limit_kind::concurrency: return "concurrency";
    case limit_kind::window_requests: return "window_requests";
    case limit_kind::window_tokens: return "window_tokens";
    case limit_kind::window_cost: return "window_cost";
    case limit_kind::daily_cost: return "daily_cost";
    case limit_kind::total_cost: return "total_cost";
    case limit_kind::weekly_claude_cost: return "weekly_claude_cost";
  }
  return "accounts";
}

}  // namespace baton
