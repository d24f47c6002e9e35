#include "admin/author.hpp"

namespace baton::admin {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t value_bytes_max = 4096;

// A value that is long is told by its size: the log is to say what was done, not to keep it.
ordered_json shortened(const ordered_json& value) {
  const auto text = value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  if (text.size() <= value_bytes_max) return value;
  return "(" + std::to_string(text.size()) + " bytes)";
}

std::string spelled(const ordered_json& changes) {
  auto told = ordered_json::object();
  for (const auto& [name, change] : changes.items()) {
    told[name] = change.is_array() ? ordered_json::array() : shortened(change);
    if (!change.is_array()) continue;
    for (const auto& each : change) told[name].push_back(shortened(each));
  }
  return told.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

storage::audit_entry audit_entry(const author& by, std::string_view action, const subject& about,
                                 const nlohmann::ordered_json& changes) {
  storage::audit_entry entry;
  entry.at = by.now;
  entry.actor = by.actor;
  entry.address = by.address;
  entry.action = action;
  entry.object_type = about.type;
  entry.object_id = about.id;
  entry.object_name = about.name;
  entry.outcome = "done";
  entry.changes = spelled(changes);
  return entry;
}

}  // namespace baton::admin
