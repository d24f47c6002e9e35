// Tags of keys and accounts.
#include <algorithm>
#include <utility>

#include "admin/list_query.hpp"
#include "admin/route.hpp"
#include "admin/tag_service.hpp"
#include "admin/text_body.hpp"

namespace baton::admin {
namespace {

constexpr std::string_view sorts[] = {"name"};

outcome list_tags(call& made) {
  const auto given = query_parameters::read(made.asked.query, page_parameters);
  if (!given) return given.error();
  const auto query = read_list_query(*given, sorts);
  if (!query) return query.error();
  auto all = tags(made.at.store);
  if (!all) return all.error();
  std::erase_if(*all, [&](const tag& each) { return !contains(query->search, {each.name}); });
  if (query->descending) std::reverse(all->begin(), all->end());
  return json_answer(page_json(*query, *all, &tag_json));
}

outcome create(call& made) {
  const auto texts = read_texts(made, {"name"});
  if (!texts) return texts.error();
  const auto created = create_tag(made.at.store, texts->at(0), author_of(made));
  if (!created) return created.error();
  return json_answer(tag_json(*created), 201);
}

outcome rename(call& made) {
  const auto texts = read_texts(made, {"name"});
  if (!texts) return texts.error();
  const auto renamed =
      rename_tag(made.at.store, made.parameters.at(0), texts->at(0), author_of(made));
  if (!renamed) return renamed.error();
  made.changed = true;
  return json_answer(tag_json(*renamed));
}

outcome remove(call& made) {
  const auto& name = made.parameters.at(0);
  if (auto done = remove_tag(made.at.store, name, author_of(made)); !done) return done.error();
  made.changed = true;
  return json_answer(tag_json({name, 0, 0}));
}

constexpr route rows[] = {
    {.method = "GET",
     .path = "/api/v2/tags",
     .serve = &list_tags,
     .summary = "The tags, with how many keys and accounts have them",
     .answer_schema = "TagPage",
     .query = page_parameters},
    {.method = "POST",
     .path = "/api/v2/tags",
     .serve = &create,
     .summary = "Makes a tag that nothing has yet",
     .request_schema = "TagName",
     .answer_schema = "Tag",
     .success = 201},
    {.method = "PUT",
     .path = "/api/v2/tags/{name}",
     .serve = &rename,
     .summary = "Renames a tag on everything that has it",
     .request_schema = "TagName",
     .answer_schema = "Tag"},
    {.method = "DELETE",
     .path = "/api/v2/tags/{name}",
     .serve = &remove,
     .summary = "Takes a tag off everything that has it",
     .answer_schema = "Tag"},
};

}  // namespace

std::span<const route> tag_routes() {
  return rows;
}

}  // namespace baton::admin
