// From where the administration can be reached, and what pages of others may do with it.
#include <gmock/gmock.h>

#include "tests/e2e/admin_fixture.hpp"

namespace baton::e2e {
namespace {

class admin_exposure : public admin_fixture {
 protected:
  raw_answer preflight(const std::string& origin) const {
    return send_text("OPTIONS", "/api/v2/keys",
                     {{"Origin", origin}, {"Access-Control-Request-Method", "PUT"}});
  }
  std::string address_of_last_entry() const {
    return get("/api/v2/audit?limit=1").body["items"].at(0).value("address", "");
  }
};

TEST_F(admin_exposure, is_not_open_to_pages_of_others) {
  start_and_log_in();
  EXPECT_FALSE(preflight("https://evil.test").header("access-control-allow-origin"));
  const auto answer =
      send_text("GET", "/api/v2/keys", with_token({{"Origin", "https://evil.test"}}));
  EXPECT_FALSE(answer.header("access-control-allow-origin"));
}

TEST_F(admin_exposure, is_open_to_pages_of_configured_origins) {
  settings.admin.cors_origins = {"https://page.test"};
  start_and_log_in();
  const auto asked = preflight("https://page.test");
  EXPECT_EQ(asked.status, 204);
  EXPECT_EQ(asked.header("access-control-allow-origin"), "https://page.test");
  EXPECT_THAT(asked.header("access-control-allow-methods").value_or(""), testing::HasSubstr("PUT"));
  EXPECT_EQ(asked.header("vary"), "origin");
  EXPECT_FALSE(preflight("https://evil.test").header("access-control-allow-origin"));
  EXPECT_FALSE(preflight("https://page.test.evil.test").header("access-control-allow-origin"));
  EXPECT_EQ(send_text("GET", "/api/v2/keys", with_token({{"Origin", "https://page.test"}}))
                .header("access-control-allow-origin"),
            "https://page.test");
  EXPECT_EQ(send_text("GET", "/api/v2/keys", {{"Origin", "https://page.test"}}).status, 401)
      << "which still must log in";
}

TEST_F(admin_exposure, has_an_address_of_its_own_if_that_is_configured) {
  settings.admin.listen = "127.0.0.1:0";
  add_account("a");
  start_and_log_in();
  ASSERT_NE(admin_port(), port());
  for (const auto* path :
       {"/api/v2/keys", "/api/v2/auth/me", "/openapi.json", "/docs", "/metrics", "/api/v2/none"}) {
    for (const auto* method : {"GET", "POST", "OPTIONS"}) {
      EXPECT_EQ(test::exchange(port(), method, path, with_token()).status, 404)
          << method << ' ' << path;
    }
  }
  const json login = {{"username", "admin"}, {"password", settings.admin.password}};
  EXPECT_EQ(test::post_json(port(), "/api/v2/auth/admin/login", {}, login.dump()).status, 404);
  EXPECT_EQ(get("/api/v2/keys").status, 200);
  EXPECT_EQ(test::exchange(admin_port(), "POST", "/v1/messages", headers(), message_body()).status,
            404);
  EXPECT_EQ(test::get(admin_port(), "/v1/models", headers()).status, 404);
  const auto key_text = make_key("n");
  EXPECT_EQ(send_message(false, key_text).status, 200) << "and works on the other";
}

TEST_F(admin_exposure, is_closed_to_addresses_that_are_not_allowed) {
  settings.server.trusted_proxies = {"127.0.0.1"};
  settings.admin.allowed_addresses = {"203.0.113.0/24"};
  add_account("a");
  start();
  const auto right = settings.admin.password;
  EXPECT_EQ(log_in(right).status, 403);
  EXPECT_EQ(log_in(right, {{"X-Forwarded-For", "198.51.100.1"}}).status, 403);
  EXPECT_EQ(log_in(right, {{"X-Forwarded-For", "203.0.113.5, 198.51.100.1"}}).status, 403)
      << "the proxy's word counts, not its client's";
  EXPECT_EQ(log_in(right, {{"X-Forwarded-For", "203.0.113.5"}}).status, 200);
  for (const auto* path : {"/api/v2/keys", "/openapi.json", "/docs", "/metrics"}) {
    EXPECT_EQ(test::get(port(), path).status, 403) << path;
  }
  EXPECT_EQ(send_message().status, 200) << "clients are not concerned";
}

TEST_F(admin_exposure, believes_only_trusted_proxies_about_addresses) {
  start_and_log_in();
  log_in("wrong", {{"X-Forwarded-For", "198.51.100.7"}});
  EXPECT_EQ(address_of_last_entry(), "127.0.0.1");
  stop();
  settings.server.trusted_proxies = {"127.0.0.1"};
  start_and_log_in();
  log_in("wrong", {{"X-Forwarded-For", "6.6.6.6, 198.51.100.7"}});
  EXPECT_EQ(address_of_last_entry(), "198.51.100.7");
}

}  // namespace
}  // namespace baton::e2e
