#include "admin/api_fixture.test.hpp"

namespace baton::admin {
namespace {

using group_routes = api_test;
using tag_routes = api_test;

TEST_F(group_routes, a_group_is_made_changed_and_removed) {
  const auto made = call("POST", "/api/v2/groups", json{{"name", "fast"}});
  ASSERT_EQ(made.status, 201) << made.text;
  const std::string id = made.body.at("id");
  const auto path = "/api/v2/groups/" + id;
  EXPECT_EQ(call("POST", "/api/v2/groups", json{{"name", "fast"}}).status, 409);
  EXPECT_EQ(call("PUT", path, json{{"description", "the fast ones"}}).status, 200);
  make_account("member", {{"accountType", "group"}, {"groupIds", {id}}});
  EXPECT_EQ(get(path).body.at("accountIds").size(), 1u);
  EXPECT_EQ(call("PUT", path, get(path).text).status, 200) << "what a GET gave";
  EXPECT_EQ(call("DELETE", path).status, 409) << "an account is in it";
  EXPECT_EQ(get("/api/v2/groups?search=FAST").body.at("total"), 1);
  const auto member = get("/api/v2/accounts").body.at("items").at(0);
  call("DELETE", "/api/v2/accounts/claude-console/" + member.at("id").get<std::string>());
  EXPECT_EQ(call("DELETE", path).status, 200);
  EXPECT_EQ(get(path).status, 404);
}

TEST_F(tag_routes, are_those_of_keys_and_accounts_and_those_made_alone) {
  make_key({{"name", "k"}, {"tags", {"a", "b"}}});
  make_account("x", {{"tags", {"b"}}});
  EXPECT_EQ(call("POST", "/api/v2/tags", json{{"name", " c "}}).status, 201);
  EXPECT_EQ(call("POST", "/api/v2/tags", json{{"name", "a"}}).status, 409);
  EXPECT_EQ(call("POST", "/api/v2/tags", json{{"name", ""}}).field(), "name");
  EXPECT_EQ(call("POST", "/api/v2/tags", json{{"name", "a\nb"}}).status, 422);
  const auto items = get("/api/v2/tags").body.at("items");
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items.at(1), (json{{"name", "b"}, {"keys", 1}, {"accounts", 1}}));
  EXPECT_EQ(items.at(2), (json{{"name", "c"}, {"keys", 0}, {"accounts", 0}}));
}

TEST_F(tag_routes, a_tag_is_renamed_on_everything_and_merged_into_another) {
  make_key({{"name", "k"}, {"tags", {"a", "b"}}});
  make_account("x", {{"tags", {"b", "z"}}});
  const auto told = call("PUT", "/api/v2/tags/b", json{{"name", "a"}});
  EXPECT_EQ(told.status, 200) << told.text;
  EXPECT_TRUE(told.changed);
  EXPECT_EQ(told.body, (json{{"name", "a"}, {"keys", 1}, {"accounts", 1}}));
  EXPECT_EQ(store_->find_key("k")->tags, std::vector<std::string>{"a"});
  EXPECT_EQ(store_->find_account("x")->tags, (std::vector<std::string>{"a", "z"}));
  EXPECT_EQ(call("PUT", "/api/v2/tags/b", json{{"name", "c"}}).status, 404);
}

TEST_F(tag_routes, a_tag_is_removed_from_everything) {
  make_key({{"name", "k"}, {"tags", {"team one"}}});
  EXPECT_EQ(call("DELETE", "/api/v2/tags/team%20one").status, 200);
  EXPECT_TRUE(store_->find_key("k")->tags.empty());
  EXPECT_EQ(call("DELETE", "/api/v2/tags/team%20one").status, 404);
}

}  // namespace
}  // namespace baton::admin
