// Where clients of the Gemini API and of Code Assist call.
#pragma once

#include <span>

#include "relay/route.hpp"

namespace baton::relay {

// Under /gemini, and under the API's own paths for a base URL without a prefix.
std::span<const route> gemini_routes();
std::span<const route> bare_gemini_routes();

std::span<const route> code_assist_routes();

}  // namespace baton::relay
