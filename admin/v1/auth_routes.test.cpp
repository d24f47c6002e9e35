#include "admin/api_fixture.test.hpp"

namespace baton::admin {
namespace {

using v1_auth = api_test;

TEST_F(v1_auth, a_login_gives_a_token_in_v1s_shape) {
  token_.clear();
  const auto told =
      call("POST", "/web/auth/login", json{{"username", "admin"}, {"password", password}});
  ASSERT_EQ(told.status, 200) << told.text;
  EXPECT_EQ(told.body.at("success"), true);
  EXPECT_EQ(told.body.at("expiresIn"), 3'600'000) << "milliseconds";
  EXPECT_EQ(told.body.at("username"), "admin");
  token_ = told.body.at("token");
  EXPECT_GE(token_.size(), 32u);
  EXPECT_LE(token_.size(), 512u);
  EXPECT_EQ(get("/web/auth/user").body.at("user").at("username"), "admin");
  EXPECT_EQ(call("POST", "/web/auth/logout").body.at("success"), true);
  EXPECT_EQ(get("/web/auth/user").status, 401);
}

TEST_F(v1_auth, errors_are_in_v1s_words) {
  const auto told =
      call("POST", "/web/auth/login", json{{"username", "admin"}, {"password", "wrong"}});
  EXPECT_EQ(told.status, 401);
  EXPECT_EQ(told.body,
            json({{"error", "Invalid credentials"}, {"message", "Invalid username or password"}}));
  const auto missing = call("POST", "/web/auth/login", json{{"username", "admin"}});
  EXPECT_EQ(missing.status, 400);
  EXPECT_EQ(missing.body.at("message"), "password: is required");
  EXPECT_EQ(get("/admin/nothing").body.at("error"), "Not found");
}

TEST_F(v1_auth, a_refresh_gives_a_token_that_takes_the_place_of_the_old_one) {
  const auto old = token_;
  const auto told = call("POST", "/web/auth/refresh");
  ASSERT_EQ(told.status, 200) << told.text;
  EXPECT_EQ(get("/web/auth/user").status, 401);
  EXPECT_EQ(call("POST", "/web/auth/refresh").status, 401) << "an ended one begins nothing";
  token_ = told.body.at("token");
  EXPECT_NE(token_, old);
  EXPECT_EQ(get("/web/auth/user").status, 200);
  const auto log = get("/api/v2/audit?action=admin.refresh").body.at("items");
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log.at(0).at("actor"), "admin");
}

TEST_F(v1_auth, a_new_password_ends_every_token) {
  const json change = {
      {"currentPassword", password}, {"newPassword", "another good one"}, {"newUsername", "root"}};
  const auto told = call("POST", "/web/auth/change-password", change);
  ASSERT_EQ(told.status, 200) << told.text;
  EXPECT_EQ(get("/web/auth/user").status, 401);
  token_ = told.body.at("token");
  EXPECT_EQ(get("/web/auth/user").body.at("user").at("username"), "root");
}

}  // namespace
}  // namespace baton::admin
