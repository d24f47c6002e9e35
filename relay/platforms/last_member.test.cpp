#include "relay/platforms/last_member.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

std::string found(std::string_view end) {
  return std::string(last_member(end, "usage").padded());
}

TEST(last_member, is_an_object_of_its_own) {
  EXPECT_EQ(found(R"(…xxx"}],"usage":{"a":{"b":1},"c":"}"},"user":null}})"),
            R"({"usage":{"a":{"b":1},"c":"}"}})");
  EXPECT_EQ(found("\"usage\" \n:\t{ } , 1"), R"({"usage":{ }})");
}

TEST(last_member, is_the_last_whose_value_is_an_object) {
  EXPECT_EQ(found(R"("usage":{"a":1},"usage":{"a":2},"metadata":{"usage":"x"},"x":"usage"})"),
            R"({"usage":{"a":2}})");
  EXPECT_EQ(found(R"("usage":{"a":1},"text":"\"usage\":{\"a\":2}"})"), R"({"usage":{"a":1}})");
}

TEST(last_member, is_none_where_there_is_none) {
  for (const std::string_view end :
       {"", "x", R"("usage")", R"("usage":)", R"("usage":null})", R"("usage":[{}])", R"("usage"{})",
        R"("usages":{"a":1}})", R"(sage":{"a":1}})", R"(usage\":{\"a\":1}"})"}) {
    EXPECT_EQ(found(end), "{}") << end;
  }
}

TEST(last_member, goes_as_far_as_the_text) {
  EXPECT_EQ(found(R"("usage":{"a":1)"), R"({"usage":{"a":1})");
  EXPECT_EQ(found(std::string(10'000, '{') + R"("usage":{)"), R"({"usage":{})");
}

}  // namespace
}  // namespace baton::relay
