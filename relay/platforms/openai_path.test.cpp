#include "relay/platforms/openai_path.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

TEST(openai_path, takes_base_urls_as_the_sdks_do) {
  EXPECT_EQ(openai_base_path(""), "/v1");
  EXPECT_EQ(openai_base_path("/v1"), "/v1");
  EXPECT_EQ(openai_base_path("/v1/"), "/v1");
  EXPECT_EQ(openai_base_path("/api"), "/api/v1");
  EXPECT_EQ(openai_base_path("/api/v1"), "/api/v1");
  EXPECT_EQ(openai_base_path("/api/paas/v4"), "/api/paas/v4");
  EXPECT_EQ(openai_base_path("/v1beta/openai"), "/v1beta/openai");
  EXPECT_EQ(openai_base_path("/openai/v1"), "/openai/v1");
  EXPECT_EQ(openai_base_path("/v1/account/gateway/openai"), "/v1/account/gateway/openai");
}

TEST(openai_path, takes_a_whole_route_off) {
  for (const std::string route :
       {"/chat/completions", "/responses", "/embeddings", "/models", "/chat/completions//"}) {
    EXPECT_EQ(openai_base_path("/v1" + route), "/v1") << route;
    EXPECT_EQ(openai_base_path("/api/v4" + route), "/api/v4") << route;
    EXPECT_EQ(openai_base_path(route), "/v1") << route;
  }
  EXPECT_EQ(openai_base_path("/my-responses"), "/my-responses/v1") << "a segment of its own";
}

TEST(openai_path, knows_a_version_from_a_word) {
  for (const std::string version : {"v1", "v12", "v1.1", "v2alpha", "v1beta3", "v1beta"}) {
    EXPECT_EQ(openai_base_path("/" + version), "/" + version);
  }
  for (const std::string word : {"v", "vx", "v1x", "v2ray", "1", "V1", "v.1", "ver1", "v1betax"}) {
    EXPECT_EQ(openai_base_path("/" + word), "/" + word + "/v1");
  }
}

}  // namespace
}  // namespace baton::relay
