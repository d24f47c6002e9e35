// What signs tokens where the configuration says nothing.
#pragma once

#include <string>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "storage/store.hpp"

namespace baton::admin {

// 256 random bits in hex. Made by the first call, and kept among the store's settings, sealed with
// `encryption_key`. Errors: storage_failed, also if it was sealed with another key.
result<std::string> ensure_token_secret(storage::store& store,
                                        const crypto::key_256& encryption_key);

}  // namespace baton::admin
