// Every platform there is. A new one is a file beside this and a line in here.
#include <algorithm>

#include "relay/platform.hpp"
#include "relay/platforms/claude_console.hpp"

namespace baton::relay {

const std::vector<const platform*>& platforms() {
  static const claude_console console;
  static const std::vector<const platform*> all{&console};
  return all;
}

const platform* find_platform(std::string_view id) {
  const auto& all = platforms();
  const auto found =
      std::find_if(all.begin(), all.end(), [id](const platform* one) { return one->id() == id; });
  return found == all.end() ? nullptr : *found;
}

result<ready_account> prepare_account(account config) {
  if (const platform* known = find_platform(config.platform)) {
    return known->prepare(std::move(config));
  }
  std::string allowed;
  for (const platform* one : platforms()) {
    if (!allowed.empty()) allowed += ", ";
    allowed += one->id();
  }
  return downstream_error(error_code::invalid_argument, "platform must be one of: " + allowed);
}

}  // namespace baton::relay
