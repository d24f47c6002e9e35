#include "actors/runtime/fault_handlers.hpp"

#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/message_view.hpp>
#include <caf/result.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/sec.hpp>
#include <exception>
#include <string>

#include "base/log.hpp"

namespace baton::runtime {
namespace {

std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& failure) {
    return failure.what();
  } catch (...) {
    return "not a std::exception";
  }
}

caf::error end_failed(caf::scheduled_actor* self, std::exception_ptr& thrown) {
  log::error("an actor failed", {{"actor", self->name()}, {"reason", text_of(thrown)}});
  return caf::make_error(caf::exit_reason::unhandled_exception);
}

caf::result<caf::message> refuse_unknown(caf::scheduled_actor* self, caf::message_view&) {
  log::error("an actor got a message it does not know", {{"actor", self->name()}});
  return caf::make_error(caf::sec::unexpected_message);
}

}  // namespace

void handle_faults(caf::scheduled_actor& self) {
  self.set_exception_handler(caf::scheduled_actor::exception_handler(&end_failed));
  self.set_default_handler(caf::scheduled_actor::default_handler(&refuse_unknown));
}

}  // namespace baton::runtime
