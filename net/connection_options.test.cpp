#include "net/connection_options.hpp"

#include <gtest/gtest.h>

namespace baton::net {
namespace {

header_fields with_connection(std::initializer_list<std::string_view> values) {
  header_fields fields;
  fields.add("host", "a");
  for (const auto value : values) fields.add("Connection", value);
  fields.add("x-hop", "1");
  return fields;
}

TEST(connection_options, name_the_fields_of_this_hop) {
  const auto fields = with_connection({"keep-alive, X-Hop ,\tx-other"});
  const connection_options options(fields);
  EXPECT_TRUE(options.name("x-hop"));
  EXPECT_TRUE(options.name("X-OTHER"));
  EXPECT_TRUE(options.name("Keep-Alive"));
  EXPECT_FALSE(options.name("x-ho"));
  EXPECT_FALSE(options.name("x-hop2"));
  EXPECT_FALSE(options.name("host"));
  EXPECT_FALSE(options.name(""));
}

TEST(connection_options, may_be_spread_over_several_fields) {
  const auto fields = with_connection({"close", "x-one", "", "x-two,x-three"});
  const connection_options options(fields);
  EXPECT_TRUE(options.name("x-one"));
  EXPECT_TRUE(options.name("x-two"));
  EXPECT_TRUE(options.name("x-three"));
  EXPECT_FALSE(options.name("x-four"));
}

TEST(connection_options, usually_name_nothing) {
  for (const auto value : {"keep-alive", "close", "Keep-Alive", "CLOSE"}) {
    const auto fields = with_connection({value});
    EXPECT_FALSE(connection_options(fields).name("x-hop")) << value;
  }
  const auto without = with_connection({});
  EXPECT_FALSE(connection_options(without).name("x-hop"));
}

}  // namespace
}  // namespace baton::net
