#include "relay/usage_period.hpp"

namespace baton::relay {

std::string_view to_string(usage_period period) {
  switch (period) {
    case usage_period::hour: return "hour";
    case usage_period::day: return "day";
    case usage_period::month: return "month";
    case usage_period::all: break;
  }
  return "all";
}

std::string_view to_string(usage_group group) {
  switch (group) {
    case usage_group::key: return "key";
    case usage_group::account: return "account";
    case usage_group::model: return "model";
    case usage_group::platform: return "platform";
    case usage_group::none: break;
  }
  return "none";
}

}  // namespace baton::relay
