// What happens to an actor that throws, and to a message that it does not know. CAF's own handlers
// for both write to its console printer, which Baton does not run: they would end the process.
#pragma once

#include <caf/fwd.hpp>

namespace baton::runtime {

// From here on an exception ends `self` with exit_reason::unhandled_exception, which its monitors
// see, and an unknown message is refused with sec::unexpected_message. Both are logged.
void handle_faults(caf::scheduled_actor& self);

}  // namespace baton::runtime
