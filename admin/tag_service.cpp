#include "admin/tag_service.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "admin/field_error.hpp"
#include "base/text.hpp"

namespace baton::admin {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view setting_name = "tags";  // those that operators made: a JSON list
constexpr std::size_t tag_characters_max = 50;

using names = std::set<std::string>;

result<names> made_tags(storage::store& store) {
  const auto text = store.setting(setting_name);
  if (!text) return text.error();
  if (!*text) return names();
  const auto list = nlohmann::json::parse(**text, nullptr, false);
  names found;
  for (const auto& each : list) {
    if (each.is_string()) found.insert(each.get<std::string>());
  }
  return found;
}

result<void> keep_made_tags(storage::store& store, const names& made) {
  return store.put_setting(setting_name, nlohmann::json(made).dump());
}

result<std::string> checked_name(const std::string& name) {
  std::string trimmed(text::trim(name));
  const bool plain = std::none_of(trimmed.begin(), trimmed.end(),
                                  [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (!trimmed.empty() && trimmed.size() <= tag_characters_max && plain) return trimmed;
  return field_error("name", "must be a line of 1 to 50 bytes");
}

// In `list`: `to` in the place of `name`, once; an empty `to` removes it. Whether it was there.
bool replace(std::vector<std::string>& list, const std::string& name, const std::string& to) {
  if (std::find(list.begin(), list.end(), name) == list.end()) return false;
  const bool has_both = !to.empty() && std::find(list.begin(), list.end(), to) != list.end();
  if (to.empty() || has_both) {
    std::erase(list, name);
  } else {
    std::replace(list.begin(), list.end(), name, to);
  }
  return true;
}

result<void> replace_everywhere(storage::store& store, const std::string& name,
                                const std::string& to) {
  auto keys = store.keys(true);
  if (!keys) return keys.error();
  for (auto& key : *keys) {
    if (!replace(key.tags, name, to)) continue;
    if (auto done = store.update_key(key, key.updated_at); !done) return done;
  }
  auto accounts = store.accounts();
  if (!accounts) return accounts.error();
  for (auto& account : *accounts) {
    if (!replace(account.tags, name, to)) continue;
    if (auto done = store.update_account(account, account.updated_at); !done) return done;
  }
  auto made = made_tags(store);
  if (!made) return made.error();
  if (made->erase(name) != 0 && !to.empty()) made->insert(to);
  return keep_made_tags(store, *made);
}

result<tag> find_tag(storage::store& store, const std::string& name) {
  const auto all = tags(store);
  if (!all) return all.error();
  for (const auto& each : *all) {
    if (each.name == name) return each;
  }
  return downstream_error(error_code::not_found, "There is no such tag.");
}

}  // namespace

ordered_json tag_json(const tag& each) {
  return {{"name", each.name}, {"keys", each.keys}, {"accounts", each.accounts}};
}

result<std::vector<tag>> tags(storage::store& store) {
  const auto made = made_tags(store);
  if (!made) return made.error();
  const auto keys = store.keys(false);
  if (!keys) return keys.error();
  const auto accounts = store.accounts();
  if (!accounts) return accounts.error();
  std::map<std::string, tag> found;
  for (const auto& name : *made) found[name].name = name;
  for (const auto& key : *keys) {
    for (const auto& name : key.tags) found[name].keys += 1;
  }
  for (const auto& account : *accounts) {
    for (const auto& name : account.tags) found[name].accounts += 1;
  }
  std::vector<tag> all;
  for (auto& [name, each] : found) {
    each.name = name;
    all.push_back(std::move(each));
  }
  return all;
}

result<tag> create_tag(storage::store& store, const std::string& given, const author& by) {
  const auto name = checked_name(given);
  if (!name) return name.error();
  if (find_tag(store, *name)) {
    return downstream_error(error_code::conflict, "There is a tag of this name already.");
  }
  const auto entry = audit_entry(by, "tag.create", {"tag", {}, *name}, ordered_json::object());
  const auto done = write_down(store, entry, [&]() -> result<void> {
    auto made = made_tags(store);
    if (!made) return made.error();
    made->insert(*name);
    return keep_made_tags(store, *made);
  });
  if (!done) return done.error();
  return tag{*name, 0, 0};
}

result<tag> rename_tag(storage::store& store, const std::string& name, const std::string& given,
                       const author& by) {
  const auto to = checked_name(given);
  if (!to) return to.error();
  if (auto known = find_tag(store, name); !known) return known;
  const auto entry = audit_entry(by, "tag.rename", {"tag", {}, name},
                                 {{"name", ordered_json::array({name, *to})}});
  const auto done = write_down(store, entry, [&] { return replace_everywhere(store, name, *to); });
  if (!done) return done.error();
  return find_tag(store, *to);
}

result<void> remove_tag(storage::store& store, const std::string& name, const author& by) {
  if (auto known = find_tag(store, name); !known) return known.error();
  const auto entry = audit_entry(by, "tag.remove", {"tag", {}, name}, ordered_json::object());
  return write_down(store, entry, [&] { return replace_everywhere(store, name, {}); });
}

}  // namespace baton::admin
