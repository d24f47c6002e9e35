#include "app/proxy_url.hpp"

#include <gtest/gtest.h>

namespace baton::app {
namespace {

TEST(proxy_url, reads_all_its_parts) {
  const auto proxy = parse_proxy_url("HTTP://user:p%40ss%3Aword@Proxy.Test:3128/");
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->type, "http");
  EXPECT_EQ(proxy->host, "proxy.test");
  EXPECT_EQ(proxy->port, 3128);
  EXPECT_EQ(proxy->username, "user");
  EXPECT_EQ(proxy->password, "p@ss:word");
  EXPECT_EQ(shown_proxy(*proxy), "http://user@proxy.test:3128");
}

TEST(proxy_url, reads_addresses_and_the_name_socks5h) {
  const auto proxy = parse_proxy_url("socks5h://[::1]:1080");
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->type, "socks5");
  EXPECT_EQ(proxy->host, "::1");
  EXPECT_EQ(shown_proxy(*proxy), "socks5://[::1]:1080");
  EXPECT_EQ(shown_proxy({}), "");
}

TEST(proxy_url, a_password_may_hold_an_at_sign) {
  const auto proxy = parse_proxy_url("http://user:a@b@h:1");
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->password, "a@b");
  EXPECT_EQ(proxy->host, "h");
}

TEST(proxy_url, refuses_what_cannot_work_without_repeating_it) {
  for (const auto* url :
       {"", "h:1", "https://h:1", "ftp://h:1", "http://h", "http://h:0", "http://h:65536",
        "http://:1", "http://h:1/path", "http://h:1?q", "http://[::1:1", "http://[::1]1",
        "http://u:secret@", "http://:secret@h:1", "http://u:%zz@h:1", "http://u:%4@h:1",
        "http://u:secret@h :1", "http://h:1\r\nx: y"}) {
    const auto proxy = parse_proxy_url(url);
    ASSERT_FALSE(proxy) << url;
    EXPECT_EQ(proxy.error().code, error_code::invalid_argument);
    EXPECT_EQ(proxy.error().text.find("secret"), std::string::npos);
    EXPECT_NE(proxy.error().text.find("allowed"), std::string::npos);
  }
}

}  // namespace
}  // namespace baton::app
