// Groups of accounts.
#include <algorithm>
#include <utility>

#include "admin/account_service.hpp"
#include "admin/etag.hpp"
#include "admin/group_fields.hpp"
#include "admin/list_query.hpp"
#include "admin/route.hpp"

namespace baton::admin {
namespace {

// With the accounts that belong to it.
result<answer> group_answer(const call& made, const relay::account_group& group, int status = 200) {
  const auto accounts = made.at.store.accounts();
  if (!accounts) return accounts.error();
  auto told = show_fields(group_fields(), group);
  auto ids = ordered_json::array();
  for (const auto& each : *accounts) {
    const auto& groups = each.groups;
    if (std::find(groups.begin(), groups.end(), group.id) == groups.end()) continue;
    ids.push_back(each.id.value());
  }
  told["accountIds"] = std::move(ids);
  auto reply = json_answer(told, status);
  reply.headers.emplace_back("etag", etag_of(group.updated_at));
  return reply;
}

outcome told(result<answer> reply) {
  if (!reply) return reply.error();
  return *std::move(reply);
}

result<relay::account_group> find_group(const call& made) {
  const auto& id = made.parameters.at(0);
  auto group = made.at.store.find_group(id);
  if (group && group->id.value() == id) return group;
  if (!group && group.error().code != error_code::not_found) return group.error();
  return downstream_error(error_code::not_found, "There is no such group.");
}

result<relay::account_group> find_group_to_change(const call& made) {
  auto group = find_group(made);
  if (!group) return group;
  if (auto may = check_if_match(made.asked.if_match, group->updated_at); !may) return may.error();
  return group;
}

constexpr std::string_view sorts[] = {"name"};

outcome list_groups(call& made) {
  const auto given = query_parameters::read(made.asked.query, page_parameters);
  if (!given) return given.error();
  const auto query = read_list_query(*given, sorts);
  if (!query) return query.error();
  auto groups = made.at.store.groups();
  if (!groups) return groups.error();
  std::erase_if(*groups, [&](const relay::account_group& each) {
    return !contains(query->search, {each.name, each.description, each.id.value()});
  });
  if (query->descending) std::reverse(groups->begin(), groups->end());
  return json_answer(page_json(*query, *groups, [](const relay::account_group& each) {
    return show_fields(group_fields(), each);
  }));
}

outcome create(call& made) {
  const auto body = body_of(made);
  if (!body) return body.error();
  relay::account_group draft;
  if (auto done = read_group(*body, draft, read_mode::create); !done) {
    return done.error();
  }
  const auto created = create_group(made.at.store, std::move(draft), author_of(made));
  if (!created) return created.error();
  made.changed = true;
  return told(group_answer(made, *created, 201));
}

outcome show(call& made) {
  const auto group = find_group(made);
  if (!group) return group.error();
  return told(group_answer(made, *group));
}

outcome update(call& made) {
  const auto before = find_group_to_change(made);
  if (!before) return before.error();
  const auto body = change_of(made, before->updated_at, {"accountIds"});
  if (!body) return body.error();
  auto after = *before;
  if (auto done = read_group(*body, after, read_mode::update); !done) {
    return done.error();
  }
  const auto stored = change_group(made.at.store, *before, after, author_of(made));
  if (!stored) return stored.error();
  made.changed = true;
  return told(group_answer(made, *stored));
}

outcome remove(call& made) {
  const auto group = find_group_to_change(made);
  if (!group) return group.error();
  auto last = group_answer(made, *group);
  if (auto done = remove_group(made.at.store, *group, author_of(made)); !done) return done.error();
  made.changed = true;
  return told(std::move(last));
}

constexpr route rows[] = {
    {.method = "GET",
     .path = "/api/v2/groups",
     .serve = &list_groups,
     .summary = "The groups, a page at a time",
     .answer_schema = "GroupPage",
     .query = page_parameters},
    {.method = "POST",
     .path = "/api/v2/groups",
     .serve = &create,
     .summary = "Makes a group",
     .request_schema = "NewGroup",
     .answer_schema = "GroupWithAccounts",
     .success = 201},
    {.method = "GET",
     .path = "/api/v2/groups/{id}",
     .serve = &show,
     .summary = "One group and its accounts",
     .answer_schema = "GroupWithAccounts"},
    {.method = "PUT",
     .path = "/api/v2/groups/{id}",
     .serve = &update,
     .summary = "Changes a group",
     .request_schema = "GroupChange",
     .checks_if_match = true,
     .answer_schema = "GroupWithAccounts"},
    {.method = "DELETE",
     .path = "/api/v2/groups/{id}",
     .serve = &remove,
     .summary = "Removes a group that no account and no key refers to",
     .checks_if_match = true,
     .answer_schema = "GroupWithAccounts"},
};

}  // namespace

std::span<const route> group_routes() {
  return rows;
}

}  // namespace baton::admin
