// The accounts of `baton demo`: one of each platform, all of them at the mock upstream.
#pragma once

#include <string>

#include "base/error.hpp"
#include "storage/store.hpp"

namespace baton::app {

// Adds them, or brings them up to date: the mock's port is another one at each start.
result<void> put_demo_accounts(storage::store& store, const std::string& upstream_url);

}  // namespace baton::app
