#include "tests/support/mock_behaviour.hpp"

#include <gtest/gtest.h>

namespace baton::mock {

using std::chrono::milliseconds;

TEST(mock_behaviour, is_read_from_a_credential) {
  const auto parsed = parse_behaviour("mock-status=429;retry-after=7");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->status, 429);
  EXPECT_EQ(parsed->header_lines, "retry-after: 7\r\n");
}

TEST(mock_behaviour, may_carry_the_vendors_prefix) {
  EXPECT_TRUE(is_script("sk-ant-mock-events=3"));
  EXPECT_TRUE(is_script("mock-events=3"));
  EXPECT_FALSE(is_script("sk-ant-api03-mock-events=3"));
  const auto parsed = parse_behaviour("sk-ant-mock-events=3;interval-ms=50;timestamps=1");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->events, 3u);
  EXPECT_EQ(parsed->interval, milliseconds(50));
  EXPECT_TRUE(parsed->timestamps);
}

TEST(mock_behaviour, keeps_what_the_script_does_not_name) {
  behaviour base;
  base.events = 99;
  const auto parsed = parse_behaviour("mock-cut-after-events=0;cut-with=rst", base);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->events, 99u);
  EXPECT_EQ(parsed->cut_after_events, 0u);
  EXPECT_EQ(parsed->cut_with, ending::rst);
}

TEST(mock_behaviour, may_name_variants_of_a_fault) {
  const auto parsed = parse_behaviour("mock-cut-with=half;malformed-with=garbage;flap=3,2");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->cut_with, ending::half);
  EXPECT_EQ(parsed->malformed_with, malformation::garbage);
  EXPECT_EQ(parsed->flap.good, 3u);
  EXPECT_EQ(parsed->flap.bad, 2u);
}

TEST(mock_behaviour, may_carry_json_for_the_usage) {
  const auto parsed = parse_behaviour(
      R"(mock-raw-usage={"input_tokens":-1,"x":[1,2]};terminal=failed;malformed-with=crc)");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->raw_usage, R"({"input_tokens":-1,"x":[1,2]})");
  EXPECT_EQ(parsed->terminal, terminal_event::failed);
  EXPECT_EQ(parsed->malformed_with, malformation::crc);
}

TEST(mock_behaviour, names_a_setting_that_does_not_exist) {
  const auto parsed = parse_behaviour("mock-stauts=429");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().text, "mock setting 'stauts' does not exist");
}

TEST(mock_behaviour, refuses_values_that_cannot_be_used) {
  for (const char* script : {"mock-status=abc",
                             "mock-status=99",
                             "mock-events=-1",
                             "mock-interval-ms=1.5",
                             "mock-cut-with=axe",
                             "mock-close=maybe",
                             "mock-timestamps=yes",
                             "mock-header=nocolon",
                             "mock-cut-after-events=",
                             "mock-retry-after=",
                             "mock-malformed-with=salt",
                             "mock-flap=3",
                             "mock-flap=3,0",
                             "mock-flap=a,1",
                             "mock-stop-reason=",
                             "mock-terminal=over",
                             "mock-raw-usage=",
                             "mock-reasoning-tokens=many",
                             "mock-error-message=",
                             "mock-read-bytes-per-s=-1"}) {
    EXPECT_FALSE(parse_behaviour(script)) << script;
  }
}

TEST(mock_behaviour, describes_every_setting) {
  EXPECT_GT(settings().size(), 30u);
  for (const setting_help& each : settings()) EXPECT_FALSE(each.meaning.empty()) << each.name;
}

}  // namespace baton::mock
