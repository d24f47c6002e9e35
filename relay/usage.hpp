// Tokens of one answer in disjoint classes, and how they add up.
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

inline token_usage& token_usage::operator+=(const token_usage& other) {
  input += other.input;
  output += other.output;
  cache_read += other.cache_read;
  cache_write_5m += other.cache_write_5m;
  cache_write_1h += other.cache_write_1h;
  reasoning += other.reasoning;
  return *this;
}

}  // namespace baton::relay
