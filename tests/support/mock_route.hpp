// Which API and which of its operations a request's target means, under any prefix.
#pragma once

#include "tests/support/mock_dialect.hpp"

namespace baton::mock {

// Views into the request's head. Never without a dialect: what no API knows is refused in the shape
// of the one it looks most like.
route find_route(const request_head& head);

}  // namespace baton::mock
