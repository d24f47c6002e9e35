#include "relay/endpoint.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

endpoint parsed(std::string_view url) {
  const auto target = parse_endpoint(url);
  EXPECT_TRUE(target) << url << ": " << (target ? "" : target.error().text);
  return target ? *target : endpoint{};
}

TEST(endpoint, takes_urls_apart) {
  EXPECT_EQ(parsed("https://api.anthropic.com"),
            (endpoint{true, "api.anthropic.com", 443, "", "api.anthropic.com"}));
  EXPECT_EQ(parsed("http://localhost:8080/api/"),
            (endpoint{false, "localhost", 8080, "/api", "localhost:8080"}));
  EXPECT_EQ(parsed("HTTPS://Api.Example.COM:443/A/b%20c///"),
            (endpoint{true, "api.example.com", 443, "/A/b%20c", "api.example.com"}));
  EXPECT_EQ(parsed("http://127.0.0.1:80/"), (endpoint{false, "127.0.0.1", 80, "", "127.0.0.1"}));
  EXPECT_EQ(parsed("https://h:80"), (endpoint{true, "h", 80, "", "h:80"}));
  EXPECT_EQ(parsed("https://my_host-1.internal."),
            (endpoint{true, "my_host-1.internal.", 443, "", "my_host-1.internal."}));
}

TEST(endpoint, takes_ipv6_addresses_in_brackets) {
  EXPECT_EQ(parsed("http://[::1]:3000/v1"), (endpoint{false, "::1", 3000, "/v1", "[::1]:3000"}));
  EXPECT_EQ(parsed("https://[2001:DB8::A]"),
            (endpoint{true, "2001:db8::a", 443, "", "[2001:db8::a]"}));
  EXPECT_EQ(parsed("https://[::ffff:1.2.3.4]/").host, "::ffff:1.2.3.4");
}

TEST(endpoint, refuses_what_it_does_not_understand_whole) {
  for (const std::string_view url : {"",
                                     "https://",
                                     "http:///path",
                                     "https:/host",
                                     "host",
                                     "host:80",
                                     "ftp://host",
                                     "//host/path",
                                     "https//host",
                                     "https://?x",
                                     "https://host?x=1",
                                     "https://host/p?x",
                                     "https://host#f",
                                     "https://host/p#f",
                                     "https://user@host",
                                     "https://user:pw@host/",
                                     "https://host:",
                                     "https://host:0",
                                     "https://host:65536",
                                     "https://host:99999999999",
                                     "https://host:-1",
                                     "https://host:+1",
                                     "https://host:80x",
                                     "https://host: 80",
                                     "https://host:80:90",
                                     "https://:80",
                                     "https://[",
                                     "https://[::1",
                                     "https://[]",
                                     "https://[::g]",
                                     "https://[1.2.3.4]",
                                     "https://[::1]x",
                                     "https://[::1]:",
                                     "https://::1",
                                     "https://[fe80::1%25eth0]",
                                     "https://ho st",
                                     " https://host",
                                     "https://host ",
                                     "https://host/a b",
                                     "https://host\t",
                                     "https://host\r\nX: y",
                                     "https://host/\x01",
                                     "https://host/\x7f",
                                     "https://h\xc3\xb6st",
                                     "https://ho%73t",
                                     "https://host\\path",
                                     "https://ho<st",
                                     "https://a..b",
                                     "https://.host",
                                     "https://.",
                                     "https://a,b",
                                     "https://[[::1]]",
                                     "https://]::1["}) {
    const auto target = parse_endpoint(url);
    ASSERT_FALSE(target) << url;
    EXPECT_EQ(target.error().code, error_code::invalid_argument);
    EXPECT_FALSE(target.error().text.empty());
  }
  EXPECT_FALSE(parse_endpoint(std::string_view("https://a\0b", 11)));
  EXPECT_FALSE(parse_endpoint("https://" + std::string(254, 'a')));
  EXPECT_FALSE(parse_endpoint("https://host/" + std::string(100'000, 'a')));
}

TEST(endpoint, never_repeats_a_password_in_its_error) {
  EXPECT_EQ(parse_endpoint("https://user:hunter2@host").error().text.find("hunter2"),
            std::string::npos);
}

TEST(join_path, puts_the_route_behind_the_base) {
  EXPECT_EQ(join_path("", "/v1/messages"), "/v1/messages");
  EXPECT_EQ(join_path("/", "/v1/messages"), "/v1/messages");
  EXPECT_EQ(join_path("/api", "/v1/messages"), "/api/v1/messages");
  EXPECT_EQ(join_path("/api/", "/v1/messages"), "/api/v1/messages");
  EXPECT_EQ(join_path("/a/b/c", "/v1/models"), "/a/b/c/v1/models");
}

TEST(join_path, does_not_double_what_both_have) {
  EXPECT_EQ(join_path("/v1", "/v1/messages"), "/v1/messages");
  EXPECT_EQ(join_path("/api/v1", "/v1/messages"), "/api/v1/messages");
  EXPECT_EQ(join_path("/api/v1/", "/v1/messages/count_tokens"), "/api/v1/messages/count_tokens");
  EXPECT_EQ(join_path("/v1beta", "/v1beta/models/x:y"), "/v1beta/models/x:y");
  EXPECT_EQ(join_path("/v1beta/models", "/v1beta/models/x:y"), "/v1beta/models/x:y");
  EXPECT_EQ(join_path("/openai/v1", "/v1/responses"), "/openai/v1/responses");
}

TEST(join_path, compares_whole_segments) {
  EXPECT_EQ(join_path("/v1", "/v1beta/models"), "/v1/v1beta/models");
  EXPECT_EQ(join_path("/xv1", "/v1/messages"), "/xv1/v1/messages");
  EXPECT_EQ(join_path("/v1beta", "/v1/messages"), "/v1beta/v1/messages");
  // A gateway's own path may hold a version that is not the API's.
  EXPECT_EQ(join_path("/v1/account/gateway/anthropic", "/v1/messages"),
            "/v1/account/gateway/anthropic/v1/messages");
}

TEST(join_path, reaches_the_siblings_of_a_full_route) {
  for (const std::string base : {"/v1/messages", "/v1/messages/", "/v1/messages/count_tokens"}) {
    for (const std::string prefix : {"", "/api"}) {
      EXPECT_EQ(join_path(prefix + base, "/v1/messages"), prefix + "/v1/messages");
      EXPECT_EQ(join_path(prefix + base, "/v1/messages/count_tokens"),
                prefix + "/v1/messages/count_tokens");
      EXPECT_EQ(join_path(prefix + base, "/v1/models"), prefix + "/v1/models");
    }
  }
  EXPECT_EQ(join_path("/v1/chat/completions", "/v1/models"), "/v1/models");
  EXPECT_EQ(join_path("/gateway/v1/v1/messages", "/v1/messages"), "/gateway/v1/v1/messages");
}

}  // namespace
}  // namespace baton::relay
