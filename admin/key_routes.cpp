// Clients' keys, and the tags that keys and accounts have.
#include <algorithm>
#include <utility>

#include "admin/etag.hpp"
#include "admin/key_fields.hpp"
#include "admin/key_service.hpp"
#include "admin/list_query.hpp"
#include "admin/route.hpp"

namespace baton::admin {
namespace {

answer key_answer(const relay::api_key& key, int status = 200) {
  auto reply = json_answer(show_fields(key_fields(), key), status);
  reply.headers.emplace_back("etag", etag_of(key.updated_at));
  return reply;
}

result<relay::api_key> find_key(const call& made) {
  return admin::find_key(made.at.store, made.parameters.at(0));
}

// The same for one that is to be changed.
result<relay::api_key> find_key_to_change(const call& made) {
  auto key = find_key(made);
  if (!key) return key;
  if (auto may = check_if_match(made.asked.if_match, key->updated_at); !may) return may.error();
  return key;
}

constexpr std::string_view list_parameters[] = {"page",     "pageSize",    "search",
                                                "sort",     "order",       "includeDeleted",
                                                "isActive", "permissions", "tag"};
constexpr std::string_view sorts[] = {"name", "createdAt", "updatedAt", "expiresAt"};

struct key_filter {
  bool include_deleted = false;
  std::optional<bool> is_active;
  std::string_view permission, tag;
  std::string_view search;

  bool lets_pass(const relay::api_key& key) const {
    if (key.deleted_at && !include_deleted) return false;
    if (is_active && key.is_active != *is_active) return false;
    const auto has = [](const std::vector<std::string>& list, std::string_view word) {
      return std::find(list.begin(), list.end(), word) != list.end();
    };
    // A key without a list may use every service.
    if (!permission.empty() && !key.permissions.empty() && !has(key.permissions, permission)) {
      return false;
    }
    if (!tag.empty() && !has(key.tags, tag)) return false;
    return contains(search, {key.name, key.description, key.id.value()}, key.tags);
  }
};

result<key_filter> read_filter(const query_parameters& given) {
  key_filter filter;
  const auto deleted = given.flag("includeDeleted");
  if (!deleted) return deleted.error();
  const auto active = given.flag("isActive");
  if (!active) return active.error();
  filter.include_deleted = deleted->value_or(false);
  filter.is_active = *active;
  filter.permission = given.text("permissions");
  filter.tag = given.text("tag");
  return filter;
}

using key_list = std::vector<const relay::api_key*>;

// They come by name.
void sort_keys(key_list& keys, const list_query& query) {
  const auto by = [&](auto value) {
    std::stable_sort(keys.begin(), keys.end(),
                     [&](const auto* a, const auto* b) { return value(*a) < value(*b); });
  };
  if (query.sort == "createdAt") by([](const relay::api_key& key) { return key.created_at; });
  if (query.sort == "updatedAt") by([](const relay::api_key& key) { return key.updated_at; });
  if (query.sort == "expiresAt") {
    by([](const relay::api_key& key) { return key.expires_at.value_or(wall_time::max()); });
  }
  if (query.descending) std::reverse(keys.begin(), keys.end());
}

outcome list_keys(call& made) {
  const auto given = query_parameters::read(made.asked.query, list_parameters);
  if (!given) return given.error();
  const auto query = read_list_query(*given, sorts);
  if (!query) return query.error();
  auto filter = read_filter(*given);
  if (!filter) return filter.error();
  filter->search = query->search;
  const auto all = made.at.known.keys();
  if (!all) return all.error();
  key_list keys;
  for (const auto& each : **all) {
    if (filter->lets_pass(each)) keys.push_back(&each);
  }
  sort_keys(keys, *query);
  return json_answer(page_json(
      *query, keys, [](const relay::api_key* key) { return show_fields(key_fields(), *key); }));
}

outcome create(call& made) {
  const auto body = body_of(made);
  if (!body) return body.error();
  relay::api_key draft;
  if (auto done = read_key(*body, draft, read_mode::create); !done) {
    return done.error();
  }
  const auto created = create_key(made.at.store, std::move(draft), made.at.key_prefix,
                                  made.at.encryption_key, author_of(made));
  if (!created) return created.error();
  made.changed = true;
  auto told = show_fields(key_fields(), created->key);
  told["key"] = created->text;
  auto reply = json_answer(told, 201);
  reply.headers.emplace_back("etag", etag_of(created->key.updated_at));
  reply.headers.emplace_back("location", "/api/v2/keys/" + created->key.id.value());
  return reply;
}

outcome show(call& made) {
  const auto key = find_key(made);
  if (!key) return key.error();
  return key_answer(*key);
}

outcome update(call& made) {
  const auto before = find_key_to_change(made);
  if (!before) return before.error();
  if (before->deleted_at) {
    return downstream_error(error_code::conflict, "This key is revoked: restore it first.");
  }
  auto body = change_of(made, before->updated_at, {"isActivated", "activatedAt"});
  if (!body) return body.error();
  // As it was read before the first use, which is no edit.
  if (before->activated_at && body->value("expiresAt", json(0)).is_null()) body->erase("expiresAt");
  auto after = *before;
  if (auto done = read_key(*body, after, read_mode::update); !done) {
    return done.error();
  }
  const auto stored = change_key(made.at.store, *before, after, author_of(made));
  if (!stored) return stored.error();
  made.changed = true;
  return key_answer(*stored);
}

outcome revoke(call& made) {
  const auto key = find_key_to_change(made);
  if (!key) return key.error();
  const auto revoked = revoke_key(made.at.store, *key, author_of(made));
  if (!revoked) return revoked.error();
  made.changed = true;
  return key_answer(*revoked);
}

outcome restore(call& made) {
  const auto key = find_key_to_change(made);
  if (!key) return key.error();
  const auto restored = restore_key(made.at.store, *key, author_of(made));
  if (!restored) return restored.error();
  made.changed = true;
  return key_answer(*restored);
}

constexpr route rows[] = {
    {.method = "GET",
     .path = "/api/v2/keys",
     .serve = &list_keys,
     .summary = "The keys, a page at a time",
     .answer_schema = "KeyPage",
     .query = list_parameters},
    {.method = "POST",
     .path = "/api/v2/keys",
     .serve = &create,
     .summary = "Makes a key, whose text is shown only now",
     .request_schema = "NewKey",
     .answer_schema = "CreatedKey",
     .success = 201},
    {.method = "GET",
     .path = "/api/v2/keys/{id}",
     .serve = &show,
     .summary = "One key",
     .answer_schema = "Key"},
    {.method = "PUT",
     .path = "/api/v2/keys/{id}",
     .serve = &update,
     .summary = "Changes a key; what is not sent stays as it is",
     .request_schema = "KeyChange",
     .checks_if_match = true,
     .answer_schema = "Key"},
    {.method = "DELETE",
     .path = "/api/v2/keys/{id}",
     .serve = &revoke,
     .summary = "Revokes a key; it can be restored",
     .checks_if_match = true,
     .answer_schema = "Key"},
    {.method = "POST",
     .path = "/api/v2/keys/{id}/restore",
     .serve = &restore,
     .summary = "Brings a revoked key back",
     .checks_if_match = true,
     .answer_schema = "Key"},
};

}  // namespace

std::span<const route> key_routes() {
  return rows;
}

}  // namespace baton::admin
