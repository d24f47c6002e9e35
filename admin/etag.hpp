// Conditional changes (RFC 9110 section 13): an object's ETag says which state of it was read, and
// If-Match that a change is meant for no other.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace baton::admin {

// With its quotes.
std::string etag_of(wall_time updated_at);

// Whether `if_match` lets an object in this state be changed. Empty lets any. Errors: conflict.
result<void> check_if_match(std::string_view if_match, wall_time updated_at);

error changed_meanwhile();  // conflict

}  // namespace baton::admin
