// Clients' keys by v1's paths.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "admin/key_fields.hpp"
#include "admin/key_service.hpp"
#include "admin/list_query.hpp"
#include "admin/v1/answers.hpp"
#include "admin/v1/key_body.hpp"
#include "admin/v1/usage.hpp"
#include "base/text.hpp"

namespace baton::admin::v1 {
namespace {

using key_list = std::vector<const relay::api_key*>;

constexpr std::string_view list_parameters[] = {"page",     "pageSize", "search",   "tag",
                                                "isActive", "sortBy",   "sortOrder"};

struct key_query {
  list_query page;
  std::optional<bool> is_active;
  std::string tag;

  bool lets_pass(const relay::api_key& key) const {
    const auto& tags = key.tags;
    return !key.deleted_at && (!is_active || key.is_active == *is_active) &&
           (tag.empty() || std::find(tags.begin(), tags.end(), tag) != tags.end()) &&
           contains(page.search, {key.name, key.description, key.id.value()}, tags);
  }
};

result<key_query> read_query(const call& made) {
  constexpr std::array<std::string_view, 5> sorts = {"createdAt", "name", "expiresAt", "isActive",
                                                     "cost"};
  constexpr std::array<std::string_view, 2> orders = {"desc", "asc"};
  const auto given = query_parameters::read(made.asked.query, list_parameters);
  if (!given) return given.error();
  const auto page = read_list_query(*given, sorts);
  if (!page) return page.error();
  key_query query{*page, {}, std::string(given->text("tag"))};
  const auto sort = given->choice("sortBy", sorts, sorts.front());
  if (!sort) return sort.error();
  const auto order = given->choice("sortOrder", orders, orders.front());
  if (!order) return order.error();
  const auto active = given->flag("isActive");
  if (!active) return active.error();
  query.page.sort = *sort;
  query.page.descending = *order == "desc";
  query.is_active = *active;
  return query;
}

// They come by name.
result<void> sort_keys(call& made, const list_query& query, key_list& keys) {
  const auto by = [&](auto value) {
    std::stable_sort(keys.begin(), keys.end(),
                     [&](const auto* a, const auto* b) { return value(*a) < value(*b); });
  };
  if (query.sort == "createdAt") by([](const relay::api_key& key) { return key.created_at; });
  if (query.sort == "isActive") by([](const relay::api_key& key) { return key.is_active; });
  if (query.sort == "expiresAt") {
    by([](const relay::api_key& key) { return key.expires_at.value_or(wall_time::max()); });
  }
  if (query.sort == "cost") {
    const auto used = usage_by(made.at.store, relay::usage_group::key, {});
    if (!used) return used.error();
    by([&](const relay::api_key& key) {
      const auto found = used->find(key.id.value());
      return found == used->end() ? 0 : found->second.rated_nanousd;
    });
  }
  if (query.descending) std::reverse(keys.begin(), keys.end());
  return {};
}

// With what each has used in all: as far as it is counted, the last seconds may be missing.
result<ordered_json> items_json(call& made, std::span<const relay::api_key* const> keys) {
  auto items = ordered_json::array();
  if (keys.empty()) return {boost::system::in_place_value, std::move(items)};
  std::vector<key_id> ids;
  for (const auto* each : keys) ids.push_back(each->id);
  const auto used = usage_by(made.at.store, relay::usage_group::key, {}, std::move(ids));
  if (!used) return used.error();
  const auto accounts = made.at.known.accounts();
  if (!accounts) return accounts.error();
  for (const auto* each : keys) {
    auto item = key_json(*each, **accounts);
    item["usage"] = {{"total", usage_json(*used, each->id.value())}};
    items.push_back(std::move(item));
  }
  return {boost::system::in_place_value, std::move(items)};
}

ordered_json tags_of(const std::vector<relay::api_key>& keys) {
  std::set<std::string> tags;
  for (const auto& key : keys) {
    if (!key.deleted_at) tags.insert(key.tags.begin(), key.tags.end());
  }
  return tags;
}

outcome list_keys(call& made) {
  const auto query = read_query(made);
  if (!query) return query.error();
  const auto all = made.at.known.keys();
  if (!all) return all.error();
  key_list keys;
  for (const auto& each : **all) {
    if (query->lets_pass(each)) keys.push_back(&each);
  }
  const auto& page = query->page;
  if (auto done = sort_keys(made, page, keys); !done) return done.error();
  auto items = items_json(made, page_of(page, keys));
  if (!items) return items.error();
  const auto pages = (keys.size() + page.page_size - 1) / page.page_size;
  return success({{"items", *std::move(items)},
                  {"pagination",
                   {{"page", page.page},
                    {"pageSize", page.page_size},
                    {"total", keys.size()},
                    {"totalPages", pages}}},
                  {"availableTags", tags_of(**all)}});
}

outcome list_deleted(call& made) {
  const auto all = made.at.known.keys();
  if (!all) return all.error();
  key_list keys;
  for (const auto& each : **all) {
    if (each.deleted_at) keys.push_back(&each);
  }
  auto items = items_json(made, keys);
  if (!items) return items.error();
  return json_answer({{"success", true}, {"apiKeys", *std::move(items)}, {"total", keys.size()}});
}

// The body over `key`, as a whole or not at all.
result<void> read_body(call& made, relay::api_key& key, read_mode mode) {
  auto sent = body_of(made);
  if (!sent) return sent.error();
  const auto accounts = made.at.known.accounts();
  if (!accounts) return accounts.error();
  const auto body = key_body(*std::move(sent), key, **accounts);
  if (!body) return body.error();
  return read_key(*body, key, mode);
}

// As it is now.
answer told(call& made, const relay::api_key& key, std::string_view message) {
  made.changed = true;
  const auto accounts = made.at.known.accounts();
  const std::vector<relay::account> none;
  return success_message(message, {{"data", key_json(key, accounts ? **accounts : none)}});
}

outcome create(call& made) {
  relay::api_key draft;
  if (auto done = read_body(made, draft, read_mode::create); !done) return done.error();
  const auto created = create_key(made.at.store, std::move(draft), made.at.key_prefix,
                                  made.at.encryption_key, author_of(made));
  if (!created) return created.error();
  const auto accounts = made.at.known.accounts();
  if (!accounts) return accounts.error();
  made.changed = true;
  auto data = key_json(created->key, **accounts);
  data["apiKey"] = created->text;  // the only time that it is shown
  return success(std::move(data));
}

outcome update(call& made) {
  const auto before = find_key(made.at.store, made.parameters.at(0));
  if (!before) return before.error();
  if (before->deleted_at) {
    return downstream_error(error_code::conflict, "This key is deleted: restore it first.");
  }
  auto after = *before;
  if (auto done = read_body(made, after, read_mode::update); !done) return done.error();
  const auto stored = change_key(made.at.store, *before, after, author_of(made));
  if (!stored) return stored.error();
  return told(made, *stored, "API key updated successfully");
}

outcome remove(call& made) {
  const auto key = find_key(made.at.store, made.parameters.at(0));
  if (!key) return key.error();
  const auto revoked = revoke_key(made.at.store, *key, author_of(made));
  if (!revoked) return revoked.error();
  return told(made, *revoked, "API key deleted successfully");
}

outcome restore(call& made) {
  const auto key = find_key(made.at.store, made.parameters.at(0));
  if (!key) return key.error();
  const auto restored = restore_key(made.at.store, *key, author_of(made));
  if (!restored) return restored.error();
  return told(made, *restored, "API key restored successfully");
}

constexpr route rows[] = {
    row("GET", "/admin/api-keys", &list_keys, "The keys, a page at a time", {}, list_parameters),
    row("POST", "/admin/api-keys", &create, "Makes a key, whose text is shown only now", "V1Body"),
    row("PUT", "/admin/api-keys/{id}", &update, "Changes a key", "V1Body"),
    row("DELETE", "/admin/api-keys/{id}", &remove, "Deletes a key; it can be restored"),
    row("GET", "/admin/api-keys/deleted", &list_deleted, "The deleted keys"),
    row("POST", "/admin/api-keys/{id}/restore", &restore, "Brings a deleted key back"),
};

}  // namespace

std::span<const route> key_routes() {
  return rows;
}

}  // namespace baton::admin::v1
