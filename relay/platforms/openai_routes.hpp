// Where clients of OpenAI's APIs call, and those of Azure's.
#pragma once

#include <span>

#include "relay/route.hpp"

namespace baton::relay {

std::span<const route> openai_routes();
std::span<const route> azure_routes();

}  // namespace baton::relay
