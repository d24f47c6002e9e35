#include "admin/api_fixture.test.hpp"

namespace baton::admin {
namespace {

using key_routes = api_test;

TEST_F(key_routes, a_key_is_made_and_its_text_is_shown_once) {
  const auto made = call("POST", "/api/v2/keys",
                         json{{"name", "laptop"}, {"concurrencyLimit", 3}, {"tags", {"team"}}});
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_TRUE(made.changed);
  const auto text = made.body.at("key").get<std::string>();
  EXPECT_TRUE(text.starts_with("cr_"));
  EXPECT_EQ(text.size(), 67u);
  const std::string id = made.body.at("id");
  EXPECT_EQ(made.header("location"), "/api/v2/keys/" + id);

  const auto shown = get("/api/v2/keys/" + id);
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body.at("concurrencyLimit"), 3);
  EXPECT_FALSE(shown.body.contains("key"));
  EXPECT_EQ(shown.header("etag"), made.header("etag"));
  EXPECT_EQ(store_->find_key(id)->hash, relay::hash_key_text(text, "encryption"));
}

TEST_F(key_routes, what_is_wrong_is_told_with_its_field) {
  const auto wrong = [&](const json& body) {
    const auto told = call("POST", "/api/v2/keys", body);
    EXPECT_EQ(told.status, 422) << told.text;
    EXPECT_FALSE(told.changed);
    EXPECT_EQ(told.code(), "invalid_argument");
    return told.field();
  };
  EXPECT_EQ(wrong({{"nam", "a"}}), "nam");
  EXPECT_EQ(wrong(json::object()), "name");
  EXPECT_EQ(wrong({{"name", 7}}), "name");
  EXPECT_EQ(wrong({{"name", ""}}), "name");
  EXPECT_EQ(wrong({{"name", "a"}, {"concurrencyLimit", -1}}), "concurrencyLimit");
  EXPECT_EQ(wrong({{"name", "a"}, {"concurrencyLimit", 1.5}}), "concurrencyLimit");
  EXPECT_EQ(wrong({{"name", "a"}, {"permissions", {"everything"}}}), "permissions[0]");
  EXPECT_EQ(wrong({{"name", "a"}, {"accountId", "nobody"}}), "accountId");
  EXPECT_EQ(wrong({{"name", "a"}, {"groupId", "nobody"}}), "groupId");
  EXPECT_EQ(wrong({{"name", std::string(10'000'00, 'a')}}), "name");
  EXPECT_EQ(store_->keys(true)->size(), 0u);
}

TEST_F(key_routes, what_is_no_json_object_is_malformed) {
  for (const std::string body :
       {"", "{", "[]", "7", "{\"name\":\"a\",\"name\":\"b\"}", "{\"a\":1}x"}) {
    const auto told = call("POST", "/api/v2/keys", body);
    EXPECT_EQ(told.status, 400) << body;
    EXPECT_EQ(told.code(), "malformed_request");
  }
}

TEST_F(key_routes, a_name_is_taken_once) {
  make_key({{"name", "laptop"}});
  const auto again = call("POST", "/api/v2/keys", json{{"name", "laptop"}});
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code(), "conflict");
}

TEST_F(key_routes, an_update_changes_what_is_sent_and_no_more) {
  const auto made = make_key({{"name", "laptop"}, {"concurrencyLimit", 3}, {"tags", {"a"}}});
  const auto path = "/api/v2/keys/" + made.at("id").get<std::string>();
  const auto told = call("PUT", path, json{{"concurrencyLimit", 5}});
  ASSERT_EQ(told.status, 200) << told.text;
  EXPECT_TRUE(told.changed);
  EXPECT_EQ(told.body.at("concurrencyLimit"), 5);
  EXPECT_EQ(told.body.at("tags"), json({"a"}));
  EXPECT_EQ(call("PUT", path, get(path).text).status, 200) << "what a GET gave";
}

TEST_F(key_routes, an_edit_meant_for_another_state_is_refused) {
  const auto made = make_key({{"name", "laptop"}});
  const auto path = "/api/v2/keys/" + made.at("id").get<std::string>();
  if_match_ = get(path).header("etag");
  EXPECT_EQ(call("PUT", path, json{{"description", "mine"}}).status, 200);
  const auto late = call("PUT", path, json{{"description", "theirs"}});
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(call("DELETE", path).status, 409);
  if_match_.clear();
  EXPECT_EQ(get(path).body.at("description"), "mine");
}

TEST_F(key_routes, what_was_read_can_be_put_back_unless_it_has_changed) {
  const auto made =
      make_key({{"name", "k"}, {"expirationMode", "activation"}, {"activationDays", 1}});
  const std::string id = made.at("id");
  const auto path = "/api/v2/keys/" + id;
  const auto read = get(path).text;
  store_->activate_key(key_id(id), now_.wall).value();
  EXPECT_EQ(call("PUT", path, read).status, 200) << "its first use is no edit";
  EXPECT_EQ(call("PUT", path, json{{"description", "new"}}).status, 200);
  EXPECT_EQ(call("PUT", path, read).status, 409) << "that was read before";
}

TEST_F(key_routes, are_bound_by_whole_ids_only) {
  const std::string id = make_account("main").at("id");
  for (const auto& which : {std::string("main"), id.substr(0, 8)}) {
    EXPECT_EQ(call("POST", "/api/v2/keys", json{{"name", "k"}, {"accountId", which}}).field(),
              "accountId");
  }
  EXPECT_EQ(call("POST", "/api/v2/keys", json{{"name", "k"}, {"accountId", id}}).status, 201);
}

TEST_F(key_routes, whose_account_is_gone_can_be_switched_off_but_not_restored) {
  const std::string account = make_account("main").at("id");
  const auto path = "/api/v2/keys/" +
                    make_key({{"name", "k"}, {"accountId", account}}).at("id").get<std::string>();
  call("DELETE", "/api/v2/accounts/claude-console/" + account);
  EXPECT_EQ(call("PUT", path, json{{"isActive", false}}).status, 200);
  EXPECT_EQ(call("DELETE", path).status, 200);
  EXPECT_EQ(call("POST", path + "/restore").status, 409);
}

TEST_F(key_routes, a_revoked_key_can_be_restored) {
  const auto made = make_key({{"name", "laptop"}});
  const std::string id = made.at("id");
  const auto gone = call("DELETE", "/api/v2/keys/" + id);
  EXPECT_EQ(gone.status, 200);
  EXPECT_EQ(gone.body.at("isDeleted"), true);
  EXPECT_EQ(get("/api/v2/keys").body.at("total"), 0);
  EXPECT_EQ(get("/api/v2/keys?includeDeleted=true").body.at("total"), 1);
  EXPECT_EQ(call("PUT", "/api/v2/keys/" + id, json{{"name", "b"}}).status, 409);
  EXPECT_EQ(call("POST", "/api/v2/keys/" + id + "/restore").body.at("isDeleted"), false);
  EXPECT_EQ(call("POST", "/api/v2/keys/" + id + "/restore").status, 409);
}

TEST_F(key_routes, are_listed_by_page_filter_search_and_order) {
  for (int i = 0; i < 25; ++i) {
    make_key({{"name", "key-" + std::to_string(i)},
              {"isActive", i % 5 != 0},
              {"permissions", i % 2 == 0 ? json{"claude"} : json::array()},
              {"tags", i < 3 ? json{"Few"} : json::array()}});
  }
  const auto first = get("/api/v2/keys?pageSize=10&sort=createdAt");
  EXPECT_EQ(first.body.at("total"), 25);
  EXPECT_EQ(first.body.at("items").size(), 10u);
  EXPECT_EQ(get("/api/v2/keys?pageSize=10&page=3").body.at("items").size(), 5u);
  EXPECT_EQ(get("/api/v2/keys?page=1000000&pageSize=1000").body.at("items").size(), 0u);
  EXPECT_EQ(get("/api/v2/keys?isActive=false").body.at("total"), 5);
  EXPECT_EQ(get("/api/v2/keys?permissions=openai").body.at("total"), 12);
  EXPECT_EQ(get("/api/v2/keys?tag=Few").body.at("total"), 3);
  EXPECT_EQ(get("/api/v2/keys?search=FEW").body.at("total"), 3);
  EXPECT_EQ(get("/api/v2/keys?search=key-2").body.at("total"), 6);
  EXPECT_EQ(get("/api/v2/keys?order=desc").body.at("items").at(0).at("name"), "key-9");
  for (const std::string query : {"page=0", "pageSize=1001", "sort=hash", "order=up", "isActive=1",
                                  "what=1", "page=1&page=2"}) {
    const auto told = get("/api/v2/keys?" + query);
    EXPECT_EQ(told.status, 400) << query;
    EXPECT_NE(told.message().find(query.substr(0, query.find('='))), std::string::npos);
  }
}

TEST_F(key_routes, only_whole_ids_are_paths) {
  const auto made = make_key({{"name", "laptop"}});
  const std::string id = made.at("id");
  for (const auto& path :
       {std::string("laptop"), id.substr(0, 8), std::string("..%2f..%2fetc"),
        std::string("%27%20OR%201=1--"), std::string("%00"), std::string(300, 'a'), id + "x"}) {
    EXPECT_EQ(get("/api/v2/keys/" + path).status, 404) << path;
    EXPECT_EQ(call("DELETE", "/api/v2/keys/" + path).status, 404) << path;
  }
}

TEST_F(key_routes, every_change_is_in_the_audit_log) {
  const auto made = make_key({{"name", "laptop"}});
  const auto path = "/api/v2/keys/" + made.at("id").get<std::string>();
  call("PUT", path, json{{"concurrencyLimit", 5}});
  call("PUT", path, json{{"concurrencyLimit", -5}});
  call("DELETE", path);
  const auto log = get("/api/v2/audit?objectType=key").body.at("items");
  ASSERT_EQ(log.size(), 3u);
  EXPECT_EQ(log.at(0).at("action"), "key.revoke");
  EXPECT_EQ(log.at(1).at("action"), "key.update");
  EXPECT_EQ(log.at(1).at("changes").at("concurrencyLimit"), json({0, 5}));
  EXPECT_EQ(log.at(1).at("actor"), "admin");
  EXPECT_EQ(log.at(1).at("address"), "127.0.0.1");
  EXPECT_EQ(log.at(2).at("objectName"), "laptop");
  EXPECT_EQ(log.dump().find(made.at("key").get<std::string>()), std::string::npos);
}

}  // namespace
}  // namespace baton::admin
