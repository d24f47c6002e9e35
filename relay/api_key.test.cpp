#include "relay/api_key.hpp"

#include <gtest/gtest.h>

#include <set>

namespace baton::relay {
namespace {

const wall_time now{std::chrono::seconds(1'800'000'000)};

TEST(api_key, is_usable_when_it_is_active) {
  EXPECT_TRUE(check_usable({}, now));
}

TEST(api_key, is_refused_with_the_texts_of_v1) {
  api_key key;
  key.expires_at = now;
  auto refused = check_usable(key, now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::unauthenticated);
  EXPECT_EQ(refused.error().text, "API key has expired");
  EXPECT_TRUE(check_usable(key, now - std::chrono::milliseconds(1)));

  key.is_active = false;
  EXPECT_EQ(check_usable(key, now).error().text, "API key is disabled");
  key.deleted_at = now;
  EXPECT_EQ(check_usable(key, now).error().text, "API key not found");
}

TEST(api_key, may_use_every_service_without_a_list) {
  api_key key;
  EXPECT_TRUE(check_service(key, "claude"));
  key.permissions = {"all"};
  EXPECT_TRUE(check_service(key, "openai"));
  key.permissions = {"gemini", "ALL"};
  EXPECT_TRUE(check_service(key, "claude"));
}

TEST(api_key, may_use_the_services_of_its_list_only) {
  api_key key;
  key.permissions = {"openai", "gemini"};
  EXPECT_TRUE(check_service(key, "gemini"));
  const auto refused = check_service(key, "claude");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::permission_denied);
  EXPECT_EQ(refused.error().text, "This API key does not have permission to access Claude");
}

TEST(api_key, restricts_models_without_regard_to_case) {
  api_key key;
  EXPECT_TRUE(check_model(key, "claude-opus"));
  key.restricted_models = {"claude-opus"};
  EXPECT_FALSE(check_model(key, "Claude-OPUS"));
  EXPECT_TRUE(check_model(key, "claude-haiku"));

  key.allowed_models = {"Claude-Haiku", "claude-opus"};
  EXPECT_TRUE(check_model(key, "claude-haiku"));
  EXPECT_FALSE(check_model(key, "claude-opus")) << "the block list wins";
  EXPECT_FALSE(check_model(key, "claude-sonnet"));
  EXPECT_EQ(check_model(key, "claude-sonnet").error().code, error_code::permission_denied);
}

TEST(api_key, lets_requests_without_a_model_pass) {
  api_key key;
  key.allowed_models = {"claude-haiku"};
  EXPECT_TRUE(check_model(key, ""));
}

TEST(api_key, texts_are_a_prefix_and_64_hex_digits_and_never_the_same) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string text = generate_key_text("cr_");
    ASSERT_EQ(text.size(), 67u);
    EXPECT_EQ(text.substr(0, 3), "cr_");
    EXPECT_EQ(text.find_first_not_of("0123456789abcdef", 3), std::string::npos);
    EXPECT_TRUE(seen.insert(text).second);
  }
}

TEST(api_key, is_hashed_as_v1_does) {
  // SHA-256 of "abc", put together from a key and an encryption key.
  EXPECT_EQ(hash_key_text("a", "bc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_NE(hash_key_text("cr_1", "secret"), hash_key_text("cr_1", "other"));
}

}  // namespace
}  // namespace baton::relay
