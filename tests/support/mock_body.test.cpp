#include "tests/support/mock_body.hpp"

#include <gtest/gtest.h>

namespace baton::mock {

namespace {

body_facts read(std::string body) {
  const std::size_t bytes = body.size();
  body.resize(bytes + simdjson::SIMDJSON_PADDING);
  return body_reader().read(std::string_view(body.data(), bytes), body.size());
}

}  // namespace

TEST(mock_body, tells_what_an_answer_depends_on) {
  const body_facts facts = read(
      R"({"tools":[{"type":"web_search"},{"name":"f"}],"stream_options":{"x":1,"include_usage":true},)"
      R"("stream":true,"previous_response_id":"resp_1","model":"m","anthropic_version":"v"})");
  EXPECT_EQ(facts.problem, "");
  EXPECT_EQ(facts.model, "m");
  EXPECT_EQ(facts.tool, "f");
  EXPECT_EQ(facts.previous_response, "resp_1");
  EXPECT_TRUE(facts.stream);
  EXPECT_TRUE(facts.include_usage);
  EXPECT_TRUE(facts.has_anthropic_version);
}

TEST(mock_body, finds_the_tool_where_each_api_has_it) {
  EXPECT_EQ(read(R"({"tools":[{"type":"function","function":{"name":"a"}}]})").tool, "a");
  EXPECT_EQ(read(R"({"tools":[{"functionDeclarations":[{"x":{},"name":"b"}]}]})").tool, "b");
  EXPECT_EQ(read(R"({"tools":[{"function_declarations":[{"name":"c"}]}]})").tool, "c");
  EXPECT_EQ(read(R"({"request":{"tools":[{"functionDeclarations":[{"name":"d"}]}]}})").tool, "d");
  EXPECT_EQ(read(R"({"tools":[]})").tool, "");
}

TEST(mock_body, takes_no_offence_at_members_of_another_type) {
  for (const char* body :
       {R"({"tools":7,"model":"m"})", R"({"tools":[1,[],"x",{"name":2}],"model":"m"})",
        R"({"stream_options":[],"model":"m"})",
        R"({"stream_options":{"include_usage":1},"model":"m"})", R"({"request":null,"model":"m"})",
        R"({"previous_response_id":null,"model":"m"})",
        R"({"tools":[{"function":[[]]},{"function":{"function":{}}}],"model":"m"})"}) {
    const body_facts facts = read(body);
    EXPECT_EQ(facts.problem, "") << body;
    EXPECT_EQ(facts.model, "m") << body;
    EXPECT_EQ(facts.tool, "") << body;
    EXPECT_FALSE(facts.include_usage) << body;
  }
}

TEST(mock_body, survives_a_body_that_is_cut_anywhere) {
  const std::string whole =
      R"({"model":"m","tools":[{"function":{"name":"a"}}],"request":{"tools":[]},"stream":true})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(read(whole.substr(0, size)).problem, "") << whole.substr(0, size);
  }
}

}  // namespace baton::mock
