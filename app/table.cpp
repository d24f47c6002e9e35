#include "app/table.hpp"

#include <algorithm>
#include <numeric>
#include <ostream>
#include <utility>

#include "base/log_format.hpp"

namespace baton::app {
namespace {

constexpr std::size_t gap = 2;            // between columns
constexpr std::size_t cut_width_min = 6;  // no column is cut below this

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// In characters; wide and combining ones count as one.
std::size_t width(const std::string& cell) {
  return static_cast<std::size_t>(
      std::count_if(cell.begin(), cell.end(), [](char c) { return !continues_character(c); }));
}

std::string fitted(const std::string& cell, std::size_t width_max) {
  if (width(cell) <= width_max) return cell;
  std::size_t end = 0;
  for (std::size_t left = width_max - 1; left != 0; --left) {
    do {
      ++end;
    } while (end < cell.size() && continues_character(cell[end]));
  }
  return cell.substr(0, end) + "…";
}

}  // namespace

table::table(std::vector<std::string> headings) {
  rows_.push_back(std::move(headings));
}

void table::add_row(std::vector<std::string> cells) {
  for (auto& cell : cells) {
    std::string safe;
    log::append_text_escaped(safe, cell);
    cell = std::move(safe);
  }
  cells.resize(rows_.front().size());
  rows_.push_back(std::move(cells));
}

void table::align_right(std::size_t column) {
  right_.insert(column);
}

std::vector<std::size_t> table::column_widths(std::size_t width_max) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
  };
  while (width_max != 0 && total() > width_max) {
    // The first column names the row; cut, it would be of no use. Nor would a number.
    std::size_t widest = 0;
    for (std::size_t i = 1; i < widths.size(); ++i) {
      if (!is_right(i) && (widest == 0 || widths[i] > widths[widest])) widest = i;
    }
    if (widest == 0 || widths[widest] <= cut_width_min) break;
    --widths[widest];
  }
  return widths;
}

void table::print(std::ostream& out, std::size_t width_max) const {
  const auto widths = column_widths(width_max);
  for (const auto& row : rows_) {
    std::string line;
    std::size_t column_start = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto cell = fitted(row[i], widths[i]);
      const auto padding = widths[i] - width(cell);
      line.append(column_start + (is_right(i) ? padding : 0), ' ');
      line += cell;
      // Padding goes before the next cell, so that no line ends in spaces.
      column_start = (is_right(i) ? 0 : padding) + gap;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

}  // namespace baton::app
