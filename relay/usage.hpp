// Tokens of one answer in disjoint classes, what is counted of many, and how they add up.
#pragma once

#include <cstdint>

namespace baton::relay {

// Every token is in exactly one class, so that sums and costs never count one twice.
struct token_usage {
  std::int64_t input = 0;  // neither read from nor written to the cache
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write_5m = 0;  // also writes whose lifetime the upstream does not tell
  std::int64_t cache_write_1h = 0;
  std::int64_t reasoning = 0;  // generated while thinking; not in output

  std::int64_t cache_write() const { return cache_write_5m + cache_write_1h; }
  std::int64_t total() const { return input + output + cache_read + cache_write() + reasoning; }
  token_usage& operator+=(const token_usage& other);
  friend bool operator==(const token_usage&, const token_usage&) = default;
};

// More than any request uses, so that what an absurd answer says of itself cannot spoil a sum.
inline constexpr std::int64_t request_tokens_max = 100'000'000;

// Each class from 0 to request_tokens_max.
token_usage bounded(token_usage usage);

// What is counted of any number of requests.
struct usage_counts {
  std::int64_t requests = 0;
  token_usage tokens;
  std::int64_t cost_nanousd = 0;
  std::int64_t rated_nanousd = 0;      // cost times the rates of its service and its key
  std::int64_t fallback_requests = 0;  // those whose model has no price of its own

  usage_counts& operator+=(const usage_counts& other);
  friend bool operator==(const usage_counts&, const usage_counts&) = default;
};

inline token_usage& token_usage::operator+=(const token_usage& other) {
  input += other.input;
  output += other.output;
  cache_read += other.cache_read;
  cache_write_5m += other.cache_write_5m;
  cache_write_1h += other.cache_write_1h;
  reasoning += other.reasoning;
  return *this;
}

inline usage_counts& usage_counts::operator+=(const usage_counts& other) {
  requests += other.requests;
  tokens += other.tokens;
  cost_nanousd += other.cost_nanousd;
  rated_nanousd += other.rated_nanousd;
  fallback_requests += other.fallback_requests;
  return *this;
}

}  // namespace baton::relay
