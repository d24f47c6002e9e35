#include "app/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace baton::app {
namespace {

std::string printed(const table& rows, std::size_t width_max) {
  std::ostringstream out;
  rows.print(out, width_max);
  return out.str();
}

TEST(table, aligns_columns_without_spaces_at_the_end) {
  table rows({"ID", "NAME", "TAGS"});
  rows.add_row({"1", "a longer name", ""});
  rows.add_row({"22", "b", "x"});
  EXPECT_EQ(printed(rows, 0),
            "ID  NAME           TAGS\n"
            "1   a longer name\n"
            "22  b              x\n");
}

TEST(table, cuts_the_widest_column_to_fit_a_terminal) {
  table rows({"ID", "NAME"});
  rows.add_row({"1", "a very long name indeed"});
  EXPECT_EQ(printed(rows, 14),
            "ID  NAME\n"
            "1   a very lo…\n");
  EXPECT_EQ(printed(rows, 1), "ID  NAME\n1   a ver…\n");
}

TEST(table, cuts_between_characters_of_several_bytes) {
  table rows({"ID", "NAME"});
  rows.add_row({"1", "äöüäöüäöüäöü"});
  EXPECT_EQ(printed(rows, 11), "ID  NAME\n1   äöüäöü…\n");
}

TEST(table, never_cuts_the_first_column) {
  table rows({"IDENTIFIER", "N"});
  rows.add_row({"12345678901234567890", "x"});
  EXPECT_EQ(printed(rows, 5), "IDENTIFIER            N\n12345678901234567890  x\n");
}

TEST(table, control_characters_cannot_spoil_it) {
  table rows({"NAME"});
  rows.add_row({"a\nb\x1b[31m"});
  EXPECT_EQ(printed(rows, 0), "NAME\na\\nb\\x1b[31m\n");
}

TEST(table, numbers_end_below_one_another_and_are_never_cut) {
  table rows({"NAME", "COUNT", "WORDS"});
  rows.align_right(1);
  rows.add_row({"a", "1", "some words"});
  rows.add_row({"b", "1234567890", ""});
  EXPECT_EQ(printed(rows, 24),
            "NAME       COUNT  WORDS\n"
            "a              1  some …\n"
            "b     1234567890\n");
}

}  // namespace
}  // namespace baton::app
