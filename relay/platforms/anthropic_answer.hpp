// What an Anthropic answer, or one event of a streamed one, says about itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "relay/service_tier.hpp"
#include "relay/usage.hpp"

namespace baton::relay {

// A `usage` object: what of it is there and is a count.
struct anthropic_usage {
  std::optional<std::int64_t> input;
  std::optional<std::int64_t> output;
  std::optional<std::int64_t> cache_read;
  std::optional<std::int64_t> cache_creation;  // of any lifetime
  std::optional<std::int64_t> cache_creation_5m;
  std::optional<std::int64_t> cache_creation_1h;
  std::string tier;   // `service_tier`; empty if it is not named
  std::string speed;  // the same

  // Enters the counts into `total`. They are cumulative, so a later one replaces an earlier one;
  // but a zero does not: some upstreams fill what they do not know with zeros.
  void enter_into(token_usage& total) const;
  // The tier that it names, or `before`. A speed comes before a service tier: it alone has list
  // prices.
  service_tier tier_or(service_tier before) const;
};

struct anthropic_answer {
  std::string type;   // "message", "message_start", …; empty if there is none
  std::string model;  // of the message; empty if it is not named
  anthropic_usage usage;
  bool has_error = false;    // there is an `error` field
  std::string error_type;    // `type` of the error; empty if it has none
  bool well_formed = false;  // read to its end, and nothing follows
};

// Reads a JSON object. Of a broken one, what came before the break. A message_start's model and
// usage are those of the message in it.
anthropic_answer read_anthropic_answer(std::string_view padded);

}  // namespace baton::relay
