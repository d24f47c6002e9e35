#include "net/cors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> one = {"https://admin.example.com"};

TEST(cors, is_off_without_origins) {
  EXPECT_EQ(cors_lines({}, "https://admin.example.com"), "");
  EXPECT_EQ(preflight_lines({}, "https://admin.example.com"), "");
}

TEST(cors, allows_an_origin_of_the_list) {
  EXPECT_THAT(cors_lines(one, one[0]),
              HasSubstr("access-control-allow-origin: https://admin.example.com\r\n"));
  EXPECT_THAT(cors_lines(one, one[0]), HasSubstr("vary: origin\r\n"));
  EXPECT_THAT(cors_lines(one, one[0]), HasSubstr("access-control-expose-headers: etag"));
  EXPECT_THAT(preflight_lines(one, one[0]),
              HasSubstr("access-control-allow-headers: authorization, content-type, if-match\r\n"));
}

TEST(cors, tells_other_origins_nothing) {
  for (const std::string_view origin :
       {"", "null", "https://evil.example.com", "http://admin.example.com",
        "https://admin.example.com:444", "https://admin.example.com.evil.test",
        "https://admin.example.com\r\nx: y"}) {
    EXPECT_EQ(cors_lines(one, origin), "vary: origin\r\n") << origin;
    EXPECT_EQ(preflight_lines(one, origin), "vary: origin\r\n") << origin;
  }
}

TEST(cors, may_be_open_to_all) {
  EXPECT_THAT(cors_lines({"*"}, "https://any.test"),
              HasSubstr("access-control-allow-origin: *\r\n"));
  EXPECT_THAT(cors_lines({"*"}, ""), Not(HasSubstr("allow-origin")));
}

TEST(cors, never_invites_cookies) {
  EXPECT_THAT(preflight_lines({"*"}, "https://any.test"), Not(HasSubstr("credentials")));
}

TEST(security_lines, let_pages_be_styled_and_nothing_else) {
  EXPECT_THAT(admin_security_lines("application/json", false), Not(HasSubstr("style-src")));
  EXPECT_THAT(
      admin_security_lines("text/html; charset=utf-8", false),
      HasSubstr("default-src 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'\r\n"));
}

TEST(security_lines, ask_for_tls_only_over_tls) {
  EXPECT_THAT(admin_security_lines("application/json", false), Not(HasSubstr("strict-transport")));
  EXPECT_THAT(admin_security_lines("application/json", true),
              EndsWith("\r\nstrict-transport-security: max-age=31536000\r\n"));
  EXPECT_THAT(admin_security_lines("application/json", false),
              HasSubstr("cache-control: no-store\r\n"));
  EXPECT_THAT(admin_security_lines("application/json", false), EndsWith("\r\n"));
}

}  // namespace
}  // namespace baton::net
