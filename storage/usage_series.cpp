#include "storage/usage_series.hpp"

#include <utility>

namespace baton::storage {
namespace {

constexpr std::size_t remembered_max = 50'000;  // some 10 MB

// One text for the four; sizes make it unambiguous whatever characters they have.
std::string joined(const series_name& name) {
  std::string text;
  text.reserve(name.key.size() + name.account.size() + name.platform.size() + name.model.size() +
               16);
  for (const auto part : {name.key, name.account, name.platform, name.model}) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
  }
  return text;
}

result<std::int64_t> select_number(sqlite::connection& database, const series_name& name) {
  const auto select = database.kept(
      "SELECT id FROM usage_series"
      " WHERE key_id = ?1 AND account_id = ?2 AND platform = ?3 AND model = ?4");
  if (!select) return select.error();
  sqlite::cursor row = (*select)->query(name.key, name.account, name.platform, name.model);
  const auto found = row.next();
  if (!found) return found.error();
  return *found ? row.integer() : 0;  // SQLite counts from 1
}

}  // namespace

result<std::int64_t> usage_series::number(sqlite::connection& database, const series_name& name) {
  auto text = joined(name);
  if (const auto known = numbers_.find(text); known != numbers_.end()) return known->second;

  auto number = select_number(database, name);
  if (number && *number == 0) {
    const auto insert = database.kept(
        "INSERT INTO usage_series (key_id, account_id, platform, model) VALUES (?1, ?2, ?3, ?4)");
    if (!insert) return insert.error();
    const auto made = (*insert)->execute(name.key, name.account, name.platform, name.model);
    if (!made) return made.error();
    number = select_number(database, name);
  }
  if (!number) return number;
  if (numbers_.size() >= remembered_max) numbers_.clear();
  numbers_.emplace(std::move(text), *number);
  return number;
}

}  // namespace baton::storage
