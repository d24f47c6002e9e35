#include "app/listening_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "app/config_loader.hpp"
#include "app/server_settings.hpp"
#include "app/setting_rules.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

result<loaded_config> load(environment variables) {
  return load_config({{}, std::move(variables), {}});
}

std::string failure(environment variables) {
  const auto loaded = load(std::move(variables));
  return loaded ? "loaded" : loaded.error().text;
}

result<loaded_config> load_file(const std::string& content) {
  const test_support::temp_dir folder;
  const auto path = (folder / "baton.toml").string();
  std::ofstream(path) << content;
  return load_config({path, {}, {}});
}

TEST(listening_settings, take_lists_as_text_and_as_arrays) {
  const auto from_text = load({{"BATON_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, ::1"}});
  ASSERT_TRUE(from_text);
  EXPECT_THAT(from_text->values.server.trusted_proxies, ElementsAre("10.0.0.0/8", "::1"));
  const auto from_file = load_file("[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n");
  ASSERT_TRUE(from_file) << from_file.error().text;
  EXPECT_EQ(from_file->values.server.trusted_proxies, from_text->values.server.trusted_proxies);
  EXPECT_EQ(find_setting("server.trusted_proxies")->spell(from_file->values), "10.0.0.0/8,::1");
  const auto empty = load_file("[admin]\nallowed_addresses = []\n");
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->values.admin.allowed_addresses.empty());
}

TEST(listening_settings, refuse_lists_with_anything_else_in_them) {
  EXPECT_THAT(failure({{"BATON_ADMIN_ALLOWED_ADDRESSES", "10.0.0.1, example.com"}}),
              HasSubstr("allowed: IP addresses and networks such as 10.0.0.0/8"));
  for (const std::string content : {"[1]", "7", "[[\"10.0.0.1\"]]", "true"}) {
    const auto loaded = load_file("[admin]\nallowed_addresses = " + content + "\n");
    ASSERT_FALSE(loaded) << content;
    EXPECT_THAT(loaded.error().text, HasSubstr("admin.allowed_addresses")) << content;
  }
}

TEST(listening_settings, take_addresses_with_ports) {
  const auto spelled = [](std::string_view text) {
    return listen_address_rule.read(text).value_or("refused");
  };
  EXPECT_EQ(spelled(""), "");
  EXPECT_EQ(spelled("127.0.0.1:3001"), "127.0.0.1:3001");
  EXPECT_EQ(spelled("localhost:0"), "127.0.0.1:0");
  EXPECT_EQ(spelled("[::1]:3001"), "[::1]:3001");
  for (const std::string_view text :
       {"3001", ":3001", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:3001",
        "[127.0.0.1]:1", "[::1]", "[::1:1", "example.com:1", "127.0.0.1:1 "}) {
    EXPECT_EQ(spelled(text), "refused") << text;
  }
}

TEST(listening_settings, take_origins_as_browsers_send_them) {
  const auto spelled = [](std::string_view text) {
    return origin_rule.read(text).value_or("refused");
  };
  EXPECT_EQ(spelled("*"), "*");
  EXPECT_EQ(spelled("https://Admin.example.com"), "https://admin.example.com");
  EXPECT_EQ(spelled("http://[::1]:8080"), "http://[::1]:8080");
  for (const std::string_view text :
       {"", "null", "admin.example.com", "https://", "https://a/", "https://a/b", "ftp://a",
        "https://a b", "https://a\r\nx: y", "https://*.example.com"}) {
    EXPECT_EQ(spelled(text), "refused") << text;
  }
}

TEST(listening_settings, that_need_each_other_are_refused_alone) {
  EXPECT_EQ(failure({{"BATON_SERVER_TLS_CERT_FILE", "/c.pem"}}),
            "server.tls_cert_file and server.tls_key_file need each other");
  EXPECT_EQ(failure({{"BATON_ADMIN_LISTEN", "127.0.0.1:1"}, {"BATON_ADMIN_TLS_KEY_FILE", "/k"}}),
            "admin.tls_cert_file and admin.tls_key_file need each other");
  EXPECT_THAT(
      failure({{"BATON_ADMIN_TLS_CERT_FILE", "/c.pem"}, {"BATON_ADMIN_TLS_KEY_FILE", "/k.pem"}}),
      HasSubstr("admin.tls_cert_file needs admin.listen"));
  EXPECT_THAT(failure({{"BATON_ADMIN_LISTEN", "localhost:3000"}}),
              HasSubstr("admin.listen cannot be the relay's address"));
  EXPECT_EQ(failure({{"BATON_ADMIN_LISTEN", "localhost:0"}, {"BATON_PORT", "0"}}), "loaded");
}

TEST(listening_settings, reach_the_relay) {
  config settings;
  settings.server.trusted_proxies = {"10.0.0.0/8"};
  settings.admin.allowed_addresses = {"::1", "192.0.2.0/24"};
  settings.admin.cors_origins = {"https://admin.example.com"};
  const auto relay = relay_settings_of(settings, "secret", 1);
  using boost::asio::ip::make_address;
  EXPECT_TRUE(relay.trusted_proxies.contains(make_address("10.1.1.1")));
  EXPECT_FALSE(relay.trusted_proxies.contains(make_address("11.1.1.1")));
  EXPECT_TRUE(relay.admin_addresses.contains(make_address("192.0.2.9")));
  EXPECT_THAT(relay.cors_origins, ElementsAre("https://admin.example.com"));
}

}  // namespace
}  // namespace baton::app
