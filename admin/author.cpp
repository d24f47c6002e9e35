#include "admin/author.hpp"

namespace baton::admin {

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
  entry.changes = changes.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return entry;
}

}  // namespace baton::admin
