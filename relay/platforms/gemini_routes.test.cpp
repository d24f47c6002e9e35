#include "relay/platforms/gemini_routes.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/platforms/gemini_api.hpp"

namespace baton::relay {
namespace {

route_match expect_route(std::string_view method, const std::string& path, operation op,
                         std::string_view label, const api& protocol,
                         std::string_view upstream = {}) {
  const route_match match = match_route(method, path);
  EXPECT_NE(match.found, nullptr) << path;
  if (match.found == nullptr) return match;
  EXPECT_EQ(match.found->op, op) << path;
  EXPECT_EQ(match.found->label, label) << path;
  EXPECT_EQ(match.protocol, &protocol) << path;
  EXPECT_EQ(match.found->protocol, &protocol) << path;
  EXPECT_EQ(upstream_path(*match.found, match.parameter), upstream) << path;
  EXPECT_EQ(match.found->streams, label == "stream_generate_content") << path;
  EXPECT_TRUE(match.allow.empty());
  return match;
}

TEST(gemini_routes, knows_the_methods_of_a_model_under_every_prefix) {
  for (const std::string version : {"/v1beta", "/v1"}) {
    for (const std::string prefix : {"", "/gemini"}) {
      for (const std::string model :
           {"gemini-2.5-pro", "publishers%2Fx%2Fmodels%2Fy", "a/b:c", "m:generateContent", "%3A"}) {
        const auto expect = [&](const std::string& method, operation op, std::string_view label) {
          const std::string upstream = version + "/models/" + model + ":" + method;
          const std::string path = prefix + upstream;
          const auto match = expect_route("POST", path, op, label, gemini_generate, upstream);
          EXPECT_EQ(match.parameter, model);
        };
        expect("generateContent", operation::generate, "generate_content");
        expect("streamGenerateContent", operation::generate, "stream_generate_content");
        expect("countTokens", operation::count_tokens, "count_tokens");
        expect("embedContent", operation::embed, "embed_content");
        expect("batchEmbedContents", operation::embed, "embed_content");
      }
    }
  }
}

TEST(gemini_routes, knows_the_models) {
  for (const std::string prefix : {"/gemini/v1beta", "/gemini/v1", "/gemini", "/v1beta"}) {
    expect_route("GET", prefix + "/models", operation::list_models, "models", gemini_generate);
    const std::string path = prefix + "/models/gemini-2.5-pro";
    const auto match = expect_route("GET", path, operation::show_model, "models", gemini_generate);
    EXPECT_EQ(match.parameter, "gemini-2.5-pro");
  }
}

TEST(gemini_routes, knows_code_assist) {
  for (const std::string prefix : {"", "/gemini"}) {
    const auto expect = [&](std::string_view method, const std::string& path, operation op,
                            std::string_view label) {
      expect_route(method, prefix + path, op, label, code_assist, path);
    };
    expect("POST", "/v1internal:generateContent", operation::generate, "generate_content");
    expect("POST", "/v1internal:streamGenerateContent", operation::generate,
           "stream_generate_content");
    expect("POST", "/v1internal:countTokens", operation::count_tokens, "count_tokens");
    for (const std::string method : {"loadCodeAssist", "onboardUser", "retrieveUserQuota"}) {
      expect("POST", "/v1internal:" + method, operation::assist, "code_assist");
    }
    expect("GET", "/v1internal:getCodeAssistGlobalUserSetting", operation::assist, "code_assist");
    expect("GET", "/v1internal/operations/a/b", operation::assist, "code_assist");
  }
}

TEST(gemini_routes, refuses_other_methods_and_paths_in_its_own_words) {
  const auto wrong = match_route("GET", "/v1internal:generateContent");
  EXPECT_EQ(wrong.found, nullptr);
  EXPECT_EQ(wrong.allow, "POST");
  EXPECT_EQ(wrong.protocol, &code_assist);
  EXPECT_EQ(match_route("POST", "/v1beta/models/m:predict").allow, "GET");
  for (const std::string path : {"/gemini", "/gemini/v2/models", "/v1beta/files", "/v1beta/models/",
                                 "/v1beta/models/:generateContent/"}) {
    EXPECT_EQ(match_route("PUT", path).found, nullptr) << path;
    EXPECT_EQ(match_route("PUT", path).protocol, &gemini_generate) << path;
  }
  for (const std::string path : {"/v1internal", "/v1internal:", "/v1internal/operations/"}) {
    EXPECT_EQ(match_route("POST", path).found, nullptr) << path;
    EXPECT_EQ(match_route("POST", path).protocol, &code_assist) << path;
  }
}

}  // namespace
}  // namespace baton::relay
