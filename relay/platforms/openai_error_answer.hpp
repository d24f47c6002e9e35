// What an upstream's error answer in OpenAI's words amounts to.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "relay/platform.hpp"

namespace baton::relay {

struct named_error_reading {
  error_reading reading;
  std::string error_name;  // telling_error_name() of the body
};

// Of limits: how long they last, out of retry-after-ms, the limit that is used up
// (x-ratelimit-reset-requests, -tokens), or the quota, which does not come back by itself. Nothing
// where retry-after says it. Of kept answers: whether the account does not have it.
named_error_reading read_openai_error(const relay::route& route, const error_answer& answer);

// A length as in x-ratelimit-reset-*: "1s", "6m0s", "20ms", "1h2m3.5s", or seconds without a unit.
// Rounded up; nothing if it is none. At most cooldown_max.
std::optional<std::chrono::seconds> parse_reset(std::string_view text);

}  // namespace baton::relay
