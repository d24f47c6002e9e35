#include "relay/query_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace baton::relay {
namespace {

std::string parameters_of(std::string_view query) {
  std::string all;
  for_each_parameter(query, [&all](const query_parameter& parameter) {
    all.append(parameter.text).append("|").append(parameter.name).append("|");
    all.append(parameter.value).append(";");
  });
  return all;
}

TEST(query_text, is_a_list_of_names_and_values) {
  EXPECT_EQ(parameters_of("a=1&b&c=&=d&e=f=g"), "a=1|a|1;b|b|;c=|c|;=d||d;e=f=g|e|f=g;");
  EXPECT_EQ(parameters_of("&&a=1&&"), "a=1|a|1;");
  EXPECT_EQ(parameters_of("%61=%62"), "%61=%62|%61|%62;");
  EXPECT_EQ(parameters_of(""), "");
}

TEST(query_text, has_names_that_can_be_written_in_several_ways) {
  for (const auto* text : {"key=1", "KEY=1", "$key", "%6bey=1", "k%65%79", "%24key=1", "%4BeY"}) {
    EXPECT_TRUE(read_query_parameter(text).is_called("key")) << text;
  }
  for (const auto* text : {"monkey=1", "keys", "ke%7", "key%", "$$key", "=key", "", "x=key", "%"}) {
    EXPECT_FALSE(read_query_parameter(text).is_called("key")) << text;
  }
}

}  // namespace
}  // namespace baton::relay
