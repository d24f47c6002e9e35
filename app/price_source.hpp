// Where prices come from: the operator's file, or the table that Baton brings. Notices when the
// file has changed and when a day begins on which prices do.
#pragma once

#include <optional>
#include <string>

#include "actors/price_watch.hpp"
#include "app/config.hpp"
#include "base/error.hpp"
#include "base/file_reading.hpp"
#include "relay/price_table.hpp"

namespace baton::app {

class price_source final : public actors::price_feed {
 public:
  // `file` empty: the table that Baton brings.
  explicit price_source(std::string file) : file_(std::move(file)) {}

  // Errors: invalid_argument, if the file cannot be read or has a price that cannot be used.
  result<relay::price_table_ptr> load(wall_time now);

  std::optional<result<relay::price_table_ptr>> look(wall_time now, bool wanted) override;

 private:
  bool has_changed(wall_time now) const;
  result<relay::price_table> read(wall_time now);

  const std::string file_;
  std::optional<file_stamp> stamp_;  // of what was read last; none: read it again
  relay::price_table_ptr loaded_;    // the newest that could be used
  std::string failure_;              // of the last reading; empty: it could be used
};

// The table of a file as of `now`. Waits for nobody, whatever the path leads to. `stamp` becomes
// what tells a later state of the file from this one; none, if a change may not show. Errors:
// invalid_argument, with the path.
result<relay::price_table> read_price_file(const std::string& path, wall_time now,
                                           std::optional<file_stamp>& stamp);

// The prices that are in force by these settings. Errors: as price_source::load().
result<relay::price_table_ptr> load_prices(const pricing_settings& settings, wall_time now);

}  // namespace baton::app
