#include "app/commands/change.hpp"

#include "app/commands/command.hpp"

namespace baton::app {

admin::author command_author() {
  return {audit_actor(), {}, wall_now()};
}

}  // namespace baton::app
