// Where clients of Amazon Bedrock call whose address is Baton's with /bedrock behind it.
#pragma once

#include <span>

#include "relay/route.hpp"

namespace baton::relay {

std::span<const route> bedrock_routes();

}  // namespace baton::relay
