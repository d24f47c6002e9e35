#include "relay/platforms/bedrock_body.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

ready_account bedrock_account() {
  account config;
  config.platform = "bedrock";
  config.region = "us-east-1";
  config.credential.api_key = "key";
  return prepare_account(config).value();
}

std::string edited(std::string_view body, const std::string& headers = "") {
  static const ready_account account = bedrock_account();
  return request_sample("POST", "/v1/messages?beta=true", body, headers).edited_body(account);
}

std::string betas_of(const std::string& header) {
  const auto body = nlohmann::json::parse(
      edited(R"({"model":"m","messages":[1]})", "anthropic-beta: " + header + "\r\n"));
  return body.contains("anthropic_beta") ? body["anthropic_beta"].dump() : "";
}

std::string version_of(const std::string& headers) {
  return nlohmann::json::parse(edited(R"({"model":"m","messages":[1]})", headers))
      .at("anthropic_version");
}

TEST(bedrock_body, loses_model_and_stream_and_gets_a_version) {
  EXPECT_EQ(edited(R"({"model":"m","max_tokens":1,"messages":[1],"stream":true})"),
            R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":1,"messages":[1]})");
  EXPECT_EQ(edited(R"({"messages":[1],"model":"m"})"),
            R"({"anthropic_version":"bedrock-2023-05-31","messages":[1]})");
  EXPECT_EQ(edited(R"( { "stream" : null , "model" : "m" , "messages" : [ 1 ] } )"),
            R"( {"anthropic_version":"bedrock-2023-05-31"   , "messages" : [ 1 ] } )");
}

TEST(bedrock_body, has_the_version_that_the_client_asks_for) {
  EXPECT_EQ(version_of(""), "bedrock-2023-05-31");
  EXPECT_EQ(version_of("anthropic-version: 2023-06-01\r\n"), "bedrock-2023-05-31");
  EXPECT_EQ(version_of("anthropic-version: 2026-10-21\r\n"), "2026-10-21");
  for (const std::string broken : {"a\"b", "a b", "\\", "\xff", "2026,1"}) {
    EXPECT_EQ(version_of("anthropic-version: " + broken + "\r\n"), "bedrock-2023-05-31") << broken;
  }
}

TEST(bedrock_body, keeps_version_and_betas_of_its_own) {
  EXPECT_EQ(edited(R"({"anthropic_version" : "bedrock-2023-05-31","anthropic_beta":["x"],)"
                   R"("messages":[1],"model":"m"})",
                   "anthropic-version: 2026-10-21\r\nanthropic-beta: y\r\n"),
            R"({"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["x"],"messages":[1]})");
}

TEST(bedrock_body, gets_the_betas_that_bedrock_takes) {
  EXPECT_EQ(betas_of("context-1m-2025-08-07, interleaved-thinking-2025-05-14"),
            R"(["context-1m-2025-08-07","interleaved-thinking-2025-05-14"])");
  EXPECT_EQ(betas_of("claude-code-20250219,context-1m-2025-08-07,oauth-2025-04-20,"
                     "prompt-caching-scope-2026-01-05,files-api-2025-04-14"),
            R"(["context-1m-2025-08-07"])");
  EXPECT_EQ(betas_of("advanced-tool-use-2025-11-20"), R"(["tool-search-tool-2025-10-19"])");
  EXPECT_EQ(betas_of("a,a,b,a"), R"(["a","b"])");
  EXPECT_EQ(betas_of("ab,a"), R"(["ab","a"])");
  EXPECT_EQ(betas_of("advanced-tool-use-2025-11-20,tool-search-tool-2025-10-19"),
            R"(["tool-search-tool-2025-10-19"])");
}

TEST(bedrock_body, gets_no_betas_where_none_is_left) {
  for (const std::string header :
       {"", " ", ",", "claude-code-20250219", "a\"b", "a b", "\\u0022", "\xff", ",,oauth-1,,"}) {
    EXPECT_EQ(betas_of(header), "") << header;
  }
}

TEST(bedrock_body, gets_a_bounded_number_of_betas) {
  std::string header;
  for (int i = 0; i < 20'000; ++i) header += std::to_string(i) + ",";
  EXPECT_EQ(nlohmann::json::parse(betas_of(header)).size(), 64u);
}

// Some members of a body, in any order and with any gaps.
class random_body {
 public:
  explicit random_body(unsigned seed) : chance_(seed) {
    std::vector<std::string> members{R"("model"~:~"claude-x")", R"("messages"~:~[{"a":"b,c"},~1])"};
    const std::string others[] = {R"("stream"~:~true)",
                                  R"("stream"~:~null)",
                                  R"("anthropic_version"~:~"v:1")",
                                  R"("anthropic_beta"~:~["b"])",
                                  R"("max_tokens"~:~5)",
                                  R"("metadata"~:~{"model":"x","stream":1})",
                                  R"("system"~:~"{\"model\":\"y\"},")"};
    for (const auto& other : others) {
      const bool twice = other.find("null") != other.npos && members.back().find("\"stream\"") == 0;
      if (!twice && chance_() % 2 == 0) members.push_back(other);
    }
    std::shuffle(members.begin(), members.end(), chance_);
    text = gap() + "{" + gap();
    for (const auto& member : members) {
      if (&member != &members.front()) text += gap() + "," + gap();
      for (const char c : member) text += c == '~' ? gap() : std::string(1, c);
    }
    text += gap() + "}" + gap();
  }

  std::string text;

 private:
  std::string gap() {
    std::string gap;
    while (chance_() % 3 == 0) gap += " \t\r\n"[chance_() % 4];
    return gap;
  }
  std::mt19937 chance_;
};

TEST(bedrock_body, is_right_for_every_order_and_spacing_of_members) {
  const std::string headers = "anthropic-version: 2026-10-21\r\nanthropic-beta: h\r\n";
  for (unsigned seed = 0; seed < 5'000; ++seed) {
    const std::string before = random_body(seed).text;
    const std::string after = edited(before, headers);
    auto expected = nlohmann::json::parse(before);
    expected.erase("model");
    expected.erase("stream");
    if (!expected.contains("anthropic_version")) expected["anthropic_version"] = "2026-10-21";
    if (!expected.contains("anthropic_beta")) expected["anthropic_beta"] = {"h"};
    EXPECT_EQ(nlohmann::json::parse(after, nullptr, false), expected) << "seed " << seed << "\n"
                                                                      << before << "\n"
                                                                      << after;
  }
}

TEST(bedrock_body, is_edited_in_order_without_overlaps) {
  const ready_account account = bedrock_account();
  for (unsigned seed = 0; seed < 1'000; ++seed) {
    const request_sample sample("POST", "/v1/messages", random_body(seed).text);
    body_edits edits;
    sample.outgoing(account, {}, [&](const outgoing_request& request) {
      account.platform->edit_body(edits, request);
    });
    std::size_t taken = 0;
    for (const auto& each : edits.list) {
      EXPECT_GE(each.offset, taken) << seed;
      taken = each.offset + each.removed_bytes;
    }
    EXPECT_LE(taken, sample.body().size());
  }
}

}  // namespace
}  // namespace baton::relay
