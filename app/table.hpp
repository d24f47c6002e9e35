// Rows of text in aligned columns, for people.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <set>
#include <string>
#include <vector>

namespace baton::app {

class table {
 public:
  explicit table(std::vector<std::string> headings);

  // As many cells as there are headings. Control characters are made visible.
  void add_row(std::vector<std::string> cells);

  // Numbers: the column's cells end below one another, and are never cut. `column` counts from 0.
  void align_right(std::size_t column);

  // `width_max` is that of the terminal, 0 if there is none: longer rows are made to fit by
  // cutting the widest columns' cells, but not the first's; they end in "…" then.
  void print(std::ostream& out, std::size_t width_max) const;

 private:
  std::vector<std::size_t> column_widths(std::size_t width_max) const;

  bool is_right(std::size_t column) const { return right_.contains(column); }

  std::set<std::size_t> right_;
  std::vector<std::vector<std::string>> rows_;  // the first holds the headings
};

}  // namespace baton::app
