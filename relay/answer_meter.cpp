#include "relay/answer_meter.hpp"

namespace baton::relay {

token_usage with_untold(token_usage usage, std::uint64_t untold_bytes) {
  usage.output += static_cast<std::int64_t>((untold_bytes + bytes_per_token - 1) / bytes_per_token);
  return usage;
}

}  // namespace baton::relay
