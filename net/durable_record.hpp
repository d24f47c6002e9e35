// Strict durability: an answer's last bytes wait until the record of its request is on the disk, so
// that whoever has seen an answer whole finds it in the ledger, whatever happens to the process.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "net/exchange.hpp"

namespace baton::net {

// Writes the record of a request whose answer is complete but for its last bytes, as one that the
// client has got with `status`. Errors: storage_failed.
task<result<void>> write_record_first(exchange& ex, int status);

}  // namespace baton::net
