#include "relay/usage.hpp"

#include <algorithm>

namespace baton::relay {

token_usage bounded(token_usage usage) {
  for (auto* const count : {&usage.input, &usage.output, &usage.cache_read, &usage.cache_write_5m,
                            &usage.cache_write_1h, &usage.reasoning}) {
    *count = std::clamp<std::int64_t>(*count, 0, request_tokens_max);
  }
  return usage;
}

}  // namespace baton::relay
