#include "relay/model_list.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/gemini_api.hpp"
#include "relay/platforms/openai_api.hpp"

namespace baton::relay {
namespace {

const api* api_for(std::string_view path, std::string_view query = "",
                   std::string_view headers = "") {
  return &model_list_api(*match_route("GET", path).found, header_lines(headers), query);
}

TEST(model_list, has_the_shape_of_the_vendor_whose_client_asks) {
  for (const std::string path :
       {"/v1/models", "/api/v1/models", "/v1/models/m", "/api/v1/models/m"}) {
    EXPECT_EQ(api_for(path), &openai_chat) << path;
    EXPECT_EQ(api_for(path, "", "anthropic-version: 2023-06-01\r\n"), &anthropic_messages) << path;
    EXPECT_EQ(api_for(path, "", "x-goog-api-key: cr_1\r\n"), &gemini_generate) << path;
    EXPECT_EQ(api_for(path, "pageSize=50&key=cr_1"), &gemini_generate) << path;
    EXPECT_EQ(api_for(path, "limit=20&after_key=1"), &openai_chat) << path;
    EXPECT_EQ(api_for(path, "key=cr_1", "anthropic-version: 2023-06-01\r\n"), &anthropic_messages)
        << path;
  }
}

TEST(model_list, has_the_shape_of_its_own_api_under_a_prefix) {
  for (const std::string query : {"", "key=cr_1"}) {
    EXPECT_EQ(api_for("/claude/v1/models", query), &anthropic_messages);
    EXPECT_EQ(api_for("/api/claude/v1/models/m", query), &anthropic_messages);
    EXPECT_EQ(api_for("/gemini/v1/models", query), &gemini_generate);
    EXPECT_EQ(api_for("/openai/v1/models", query)->service(), "openai");
  }
}

}  // namespace
}  // namespace baton::relay
