#include "base/base64.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

namespace baton {
namespace {

// RFC 4648 section 10.
constexpr std::pair<std::string_view, std::string_view> published[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

TEST(base64, writes_the_published_texts) {
  for (const auto& [data, encoded] : published) EXPECT_EQ(to_base64(data), encoded);
}

TEST(base64, reads_the_published_texts_behind_what_is_there) {
  for (const auto& [data, encoded] : published) {
    std::string out = "before|";
    EXPECT_TRUE(append_base64_decoded(encoded, out)) << encoded;
    EXPECT_EQ(out, "before|" + std::string(data));
  }
}

TEST(base64, reads_back_what_it_wrote) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (std::size_t bytes = 0; bytes < 300; ++bytes) {
    std::string data(bytes, '\0');
    for (auto& byte : data) byte = static_cast<char>(random());
    std::string out;
    ASSERT_TRUE(append_base64_decoded(to_base64(data), out));
    ASSERT_EQ(out, data);
  }
}

TEST(base64, refuses_every_other_text_and_leaves_the_output_as_it_was) {
  for (const std::string_view text :
       {"Z",     "Zg",   "Zg=",  "Zm9vY",    "=",       "==",   "====",
        "Zg===", "Z===", "=g==", "Zg==Zg==", "Z=9v",    "Zm=v", "Zm9v\n",
        " Zm9v", "Zm 9", "Zm-_", "Zm9v====", "Zm9\xff", "Zg=v"}) {
    std::string out = "before";
    EXPECT_FALSE(append_base64_decoded(text, out)) << text;
    EXPECT_EQ(out, "before");
  }
  std::string out;
  EXPECT_FALSE(append_base64_decoded(std::string_view("Zm9\0", 4), out));
}

TEST(base64, refuses_a_second_text_for_the_same_bytes) {
  std::string out;
  EXPECT_FALSE(append_base64_decoded("Zh==", out));
  EXPECT_FALSE(append_base64_decoded("Zm9=", out));
}

// Every text of four characters out of some is either refused or the one that is written.
TEST(base64, accepts_only_what_it_writes) {
  constexpr std::string_view some("AZg9+/=-_ \0\x80", 12);
  std::string text(4, ' ');
  for (std::size_t n = 0; n < some.size() * some.size() * some.size() * some.size(); ++n) {
    std::size_t rest = n;
    for (auto& character : text) {
      character = some[rest % some.size()];
      rest /= some.size();
    }
    std::string out;
    const bool accepted = append_base64_decoded(text, out);
    ASSERT_TRUE(!accepted || to_base64(out) == text) << text;
  }
}

}  // namespace
}  // namespace baton
