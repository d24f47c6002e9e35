// Tags by v1's paths. There they are of keys; here accounts have them, too, and are told apart.
#include "admin/tag_service.hpp"

#include "admin/text_body.hpp"
#include "admin/v1/answers.hpp"

namespace baton::admin::v1 {
namespace {

outcome list_names(call& made) {
  const auto all = tags(made.at.store);
  if (!all) return all.error();
  auto names = ordered_json::array();
  for (const auto& each : *all) names.push_back(each.name);
  return success(std::move(names));
}

outcome list_details(call& made) {
  const auto all = tags(made.at.store);
  if (!all) return all.error();
  auto details = ordered_json::array();
  for (const auto& each : *all) {
    details.push_back({{"name", each.name}, {"count", each.keys}, {"accounts", each.accounts}});
  }
  return success(std::move(details));
}

outcome create(call& made) {
  const auto texts = read_texts(made, {"name"});
  if (!texts) return texts.error();
  const auto created = create_tag(made.at.store, texts->at(0), author_of(made));
  if (!created) return created.error();
  return success({{"name", created->name}});
}

outcome rename(call& made) {
  const auto texts = read_texts(made, {"newName"});
  if (!texts) return texts.error();
  const auto renamed =
      rename_tag(made.at.store, made.parameters.at(0), texts->at(0), author_of(made));
  if (!renamed) return renamed.error();
  made.changed = true;
  return success({{"name", renamed->name}, {"affectedCount", renamed->keys}});
}

outcome remove(call& made) {
  const auto& name = made.parameters.at(0);
  if (auto done = remove_tag(made.at.store, name, author_of(made)); !done) return done.error();
  made.changed = true;
  return success({{"name", name}});
}

constexpr route rows[] = {
    row("GET", "/admin/api-keys/tags", &list_names, "The tags' names"),
    row("POST", "/admin/api-keys/tags", &create, "Makes a tag", "TagName"),
    row("GET", "/admin/api-keys/tags/details", &list_details, "The tags and how many have them"),
    row("PUT", "/admin/api-keys/tags/{name}", &rename, "Renames a tag everywhere", "V1Body"),
    row("DELETE", "/admin/api-keys/tags/{name}", &remove, "Takes a tag off everything"),
};

}  // namespace

std::span<const route> tag_routes() {
  return rows;
}

}  // namespace baton::admin::v1
