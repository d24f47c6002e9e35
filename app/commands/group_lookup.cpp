#include "app/commands/group_lookup.hpp"

#include <algorithm>

#include "app/json_view.hpp"
#include "base/text.hpp"

namespace baton::app {

result<std::vector<group_id>> find_groups(storage::store& store, std::string_view list) {
  std::vector<group_id> groups;
  for (const auto& each : text::split(list, ',')) {
    auto group = store.find_group(each);
    if (!group) return group.error();
    if (std::find(groups.begin(), groups.end(), group->id) != groups.end()) continue;
    groups.push_back(std::move(group->id));
  }
  return groups;
}

std::string group_names(storage::store& store, const std::vector<group_id>& groups,
                        std::string_view none) {
  std::vector<std::string> names;
  for (const auto& id : groups) {
    const auto group = store.find_group(id.value());
    names.push_back(group ? group->name : id.value());
  }
  return joined(names, none);
}

}  // namespace baton::app
