#include "app/price_source.hpp"

#include <chrono>
#include <utility>

#include "relay/bundled_prices.hpp"
#include "relay/price_file.hpp"

namespace baton::app {
namespace {

error unusable(const std::string& what, const std::string& why) {
  return downstream_error(error_code::invalid_argument, what + why);
}

std::chrono::sys_days day_of(wall_time now) {
  return std::chrono::floor<std::chrono::days>(now);
}

}  // namespace

result<relay::price_table> read_price_file(const std::string& path, wall_time now,
                                           std::optional<file_stamp>& stamp) {
  stamp.reset();
  const auto found = read_file(path, relay::price_file_bytes_max, now);
  if (!found) return found.error();
  stamp = found->stamp;
  auto table = relay::read_price_file(found->text, day_of(now));
  if (!table) return unusable(path, ": " + table.error().text);
  return table;
}

result<relay::price_table> price_source::read(wall_time now) {
  if (file_.empty()) return relay::bundled_price_table(day_of(now));
  auto table = read_price_file(file_, now, stamp_);
  if (!table) return unusable("pricing.file: ", table.error().text);
  return table;
}

result<relay::price_table_ptr> price_source::load(wall_time now) {
  auto table = read(now);
  if (!table) return table.error();
  loaded_ = std::make_shared<const relay::price_table>(*std::move(table));
  return loaded_;
}

bool price_source::has_changed(wall_time now) const {
  const auto change = loaded_ ? loaded_->next_change() : std::nullopt;
  if (change && day_of(now) >= *change) return true;
  return !file_.empty() && may_have_changed(file_, stamp_);
}

std::optional<result<relay::price_table_ptr>> price_source::look(wall_time now, bool wanted) {
  if (!wanted && !has_changed(now)) return std::nullopt;
  auto table = read(now);
  if (!table) {
    const bool is_news = std::exchange(failure_, table.error().text) != table.error().text;
    if (!wanted && !is_news) return std::nullopt;
    return result<relay::price_table_ptr>(table.error());
  }
  const bool had_failed = !std::exchange(failure_, {}).empty();
  const bool is_same = loaded_ && loaded_->version() == table->version();
  if (is_same && !had_failed && !wanted) return std::nullopt;
  loaded_ = std::make_shared<const relay::price_table>(*std::move(table));
  return result<relay::price_table_ptr>(loaded_);
}

result<relay::price_table_ptr> load_prices(const pricing_settings& settings, wall_time now) {
  return price_source(settings.file).load(now);
}

}  // namespace baton::app
