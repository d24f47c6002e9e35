// What clients of every API, and those who watch Baton, call.
#pragma once

#include <span>

#include "relay/route.hpp"

namespace baton::relay {

std::span<const route> own_routes();

}  // namespace baton::relay
