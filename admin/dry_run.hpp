// The scheduler asked without a request: which account would this one get, and why no other?
#pragma once

#include <string>

#include "admin/call.hpp"

namespace baton::admin {

// {"key","path","model","session","request"}: the key's id; the path a client would call (default
// /v1/messages); the model; what the client would name its session with: metadata.user_id,
// prompt_cache_key or session_id; or the whole body it would send instead of the last two.
outcome dry_run(call& made);

}  // namespace baton::admin
