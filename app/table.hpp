// Rows of text in aligned columns, for people.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace baton::app {

class table {
 public:
  explicit table(std::vector<std::string> headings);

  // As many cells as there are headings. Control characters are made visible.
  void add_row(std::vector<std::string> cells);

  // `width_max` is that of the terminal, 0 if there is none: longer rows are made to fit by
  // cutting the widest columns' cells, but not the first's; they end in "…" then.
  void print(std::ostream& out, std::size_t width_max) const;

 private:
  std::vector<std::size_t> column_widths(std::size_t width_max) const;

  std::vector<std::vector<std::string>> rows_;  // the first holds the headings
};

}  // namespace baton::app
