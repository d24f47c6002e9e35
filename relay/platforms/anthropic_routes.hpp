// Where clients of the Anthropic Messages API call.
#pragma once

#include <span>

#include "relay/route.hpp"

namespace baton::relay {

std::span<const route> anthropic_routes();

}  // namespace baton::relay
