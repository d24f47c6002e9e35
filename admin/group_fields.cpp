#include "admin/group_fields.hpp"

#include <utility>

namespace baton::admin {

using relay::account_group;

const field_table<account_group>& group_fields() {
  static const field_table<account_group> all = {
      read_only<account_group>("id", "Made by the server", &account_group::id, id_of<group_id>()),
      required(writable<account_group>("name", "Name, unique among groups, without commas",
                                       &account_group::name, line(1, 100))),
      writable<account_group>("description", "What it is for", &account_group::description,
                              text(0, 500)),
      read_only<account_group>("createdAt", "When it was made", &account_group::created_at,
                               point_in_time()),
      read_only<account_group>("updatedAt", "When it was changed last", &account_group::updated_at,
                               point_in_time()),
  };
  return all;
}

result<void> read_group(const nlohmann::json& object, account_group& group, read_mode mode) {
  auto changed = group;
  if (auto done = read_fields(group_fields(), object, changed, mode); !done) return done;
  if (auto done = admin::check_group(changed); !done) return done;
  group = std::move(changed);
  return {};
}

result<void> check_group(const account_group& group) {
  if (auto done = relay::check_group(group); !done) return with_named_field(done.error());
  return {};
}

}  // namespace baton::admin
