#include "admin/api_fixture.test.hpp"

namespace baton::admin {
namespace {

class v1_keys : public api_test {
 protected:
  json make(const json& fields) {
    const auto told = call("POST", "/admin/api-keys", fields);
    EXPECT_EQ(told.status, 200) << told.text;
    EXPECT_EQ(told.body.at("success"), true);
    return told.body.at("data");
  }
  json update(const json& key, const json& fields) {
    const auto told = call("PUT", path_of(key), fields);
    EXPECT_EQ(told.status, 200) << told.text;
    return told.body.at("data");
  }
  std::string path_of(const json& key) {
    return "/admin/api-keys/" + key.at("id").get<std::string>();
  }
  // What an unusable body is told.
  std::string refusal(const json& fields) {
    const auto told = call("POST", "/admin/api-keys", fields);
    EXPECT_EQ(told.status, 400) << told.text;
    EXPECT_FALSE(told.changed);
    return told.body.at("message");
  }
};

TEST_F(v1_keys, a_key_is_made_and_its_text_is_shown_once) {
  const auto told = call("POST", "/admin/api-keys", json{{"name", "k"}, {"concurrencyLimit", 3}});
  ASSERT_EQ(told.status, 200) << told.text;
  EXPECT_TRUE(told.changed);
  const auto& made = told.body.at("data");
  const std::string text = made.at("apiKey");
  EXPECT_TRUE(text.starts_with("cr_"));
  EXPECT_EQ(made.at("concurrencyLimit"), 3);
  EXPECT_EQ(store_->find_key("k")->hash, relay::hash_key_text(text, "encryption"));
  const auto everything = get("/admin/api-keys").text + get("/api/v2/audit").text;
  EXPECT_EQ(everything.find(text), std::string::npos);
  const auto log = get("/api/v2/audit?action=key.create").body.at("items");
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log.at(0).at("objectName"), "k");
}

TEST_F(v1_keys, a_form_of_v1_is_taken_as_it_is_sent) {
  const auto made = make({{"name", "form"},
                          {"description", ""},
                          {"tokenLimit", ""},
                          {"concurrencyLimit", "2"},
                          {"rateLimitWindow", "60"},
                          {"rateLimitRequests", nullptr},
                          {"rateLimitCost", "1.5"},
                          {"dailyCostLimit", 0},
                          {"expiresAt", nullptr},
                          {"permissions", "all"},
                          {"enableModelRestriction", false},
                          {"restrictedModels", json::array()},
                          {"claudeAccountId", ""},
                          {"droidAccountId", nullptr},
                          {"activationDays", nullptr},
                          {"expirationMode", "fixed"},
                          {"tags", {"team"}},
                          {"icon", ""},
                          {"enableOpenAIResponsesCodexAdaptation", true},
                          {"enableOpenAIResponsesPayloadRules", false},
                          {"openaiResponsesPayloadRules", json::array()}});
  EXPECT_EQ(made.at("concurrencyLimit"), 2);
  EXPECT_EQ(made.at("rateLimitCost"), 1.5);
  EXPECT_EQ(made.at("permissions"), json::array());
  EXPECT_EQ(make({{"name", "one"}, {"permissions", "claude"}}).at("permissions"), json({"claude"}));
}

TEST_F(v1_keys, what_would_silently_do_nothing_is_refused) {
  EXPECT_EQ(refusal({{"name", "k"}, {"colour", "red"}}).substr(0, 6), "colour");
  EXPECT_EQ(refusal({{"name", "k"}, {"icon", 7}}), "icon: must be a text");
  EXPECT_EQ(refusal({{"name", "k"}, {"enableOpenAIResponsesPayloadRules", true}}),
            "enableOpenAIResponsesPayloadRules: must be false: rules for bodies are not supported");
  EXPECT_EQ(refusal({{"name", "k"}, {"concurrencyLimit", "many"}}).substr(0, 16),
            "concurrencyLimit");
  EXPECT_EQ(refusal({{"name", "k"}, {"accountId", "a"}}).substr(0, 9), "accountId");
  EXPECT_EQ(refusal({{"name", "k"}, {"claudeAccountId", 7}}).substr(0, 15), "claudeAccountId");
  EXPECT_TRUE(store_->keys(true)->empty());
}

TEST_F(v1_keys, a_binding_is_named_by_its_kind_of_account) {
  const std::string account = make_account("a").at("id");
  const std::string group = call("POST", "/api/v2/groups", json{{"name", "g"}}).body.at("id");
  auto key = make({{"name", "k"}, {"claudeConsoleAccountId", account}, {"geminiAccountId", ""}});
  EXPECT_EQ(key.at("claudeConsoleAccountId"), account);
  EXPECT_TRUE(key.at("claudeAccountId").is_null());
  EXPECT_EQ(store_->find_key("k")->bound_account, account_id(account));

  key = update(key, {{"geminiAccountId", nullptr}});
  EXPECT_EQ(key.at("claudeConsoleAccountId"), account) << "another field's null is not about it";
  key = update(key, {{"claudeConsoleAccountId", nullptr}, {"claudeAccountId", "group:" + group}});
  EXPECT_EQ(key.at("claudeAccountId"), "group:" + group);
  EXPECT_TRUE(key.at("claudeConsoleAccountId").is_null());
  key = update(key, {{"claudeAccountId", ""}});
  EXPECT_TRUE(key.at("claudeAccountId").is_null());
  EXPECT_FALSE(store_->find_key("k")->is_bound());

  EXPECT_EQ(refusal({{"name", "b"}, {"geminiAccountId", account}}),
            "geminiAccountId: there is no such account");
  EXPECT_EQ(refusal({{"name", "b"}, {"claudeAccountId", "group:nobody"}}),
            "groupId: there is none of this id");
  EXPECT_EQ(refusal({{"name", "b"},
                     {"claudeConsoleAccountId", account},
                     {"claudeAccountId", "group:" + group}})
                .substr(0, 22),
            "claudeConsoleAccountId");
}

TEST_F(v1_keys, are_listed_by_page_with_their_usage) {
  json first;
  for (int i = 0; i < 25; ++i) {
    first = make({{"name", "key-" + std::to_string(i)},
                  {"tags", i < 3 ? json{"few"} : json::array()},
                  {"isActive", i % 5 != 0}});
    now_ += std::chrono::milliseconds(1);
  }
  storage::usage_row row{key_id(first.at("id").get<std::string>()), account_id("a"),
                         "claude-console", "m", std::chrono::floor<std::chrono::hours>(now_.wall)};
  row.requests = 2;
  row.tokens.input = 30;
  row.cost_nanousd = row.rated_nanousd = 1'500'000'000;
  store_->add_usage(std::span(&row, 1), std::nullopt).value();

  const auto told = get("/admin/api-keys?page=1&pageSize=10");
  ASSERT_EQ(told.status, 200) << told.text;
  const auto& data = told.body.at("data");
  EXPECT_EQ(data.at("pagination"),
            json({{"page", 1}, {"pageSize", 10}, {"total", 25}, {"totalPages", 3}}));
  EXPECT_EQ(data.at("availableTags"), json({"few"}));
  const auto& newest = data.at("items").at(0);
  EXPECT_EQ(newest.at("name"), "key-24");
  EXPECT_EQ(newest.at("usage").at("total").at("requests"), 2);
  EXPECT_EQ(newest.at("usage").at("total").at("allTokens"), 30);
  EXPECT_EQ(newest.at("usage").at("total").at("cost"), 1.5);

  const auto total = [&](const std::string& query) {
    return get("/admin/api-keys?" + query).body.at("data").at("pagination").at("total");
  };
  EXPECT_EQ(total("search=KEY-2"), 6);
  EXPECT_EQ(total("tag=few"), 3);
  EXPECT_EQ(total("isActive=false"), 5);
  const auto cheapest = get("/admin/api-keys?sortBy=cost&sortOrder=asc&pageSize=25");
  EXPECT_EQ(cheapest.body.at("data").at("items").at(24).at("name"), "key-24");
  for (const std::string query :
       {"page=0", "sortBy=hash", "sortOrder=up", "isActive=1", "what=1"}) {
    EXPECT_EQ(get("/admin/api-keys?" + query).status, 400) << query;
  }
}

TEST_F(v1_keys, a_deleted_key_can_be_restored) {
  const auto key = make({{"name", "k"}});
  EXPECT_EQ(call("DELETE", path_of(key)).body.at("success"), true);
  EXPECT_EQ(get("/admin/api-keys").body.at("data").at("items").size(), 0u);
  const auto deleted = get("/admin/api-keys/deleted").body;
  EXPECT_EQ(deleted.at("total"), 1);
  EXPECT_EQ(deleted.at("apiKeys").at(0).at("isDeleted"), true);
  EXPECT_EQ(call("PUT", path_of(key), json{{"name", "b"}}).status, 409);
  EXPECT_EQ(call("POST", path_of(key) + "/restore").status, 200);
  EXPECT_EQ(get("/admin/api-keys/deleted").body.at("total"), 0);
  EXPECT_EQ(call("DELETE", "/admin/api-keys/k").status, 404) << "a name is no id";
}

TEST_F(v1_keys, tags_are_listed_made_renamed_and_removed) {
  make({{"name", "k"}, {"tags", {"a"}}});
  EXPECT_EQ(call("POST", "/admin/api-keys/tags", json{{"name", "b"}}).status, 200);
  EXPECT_EQ(get("/admin/api-keys/tags").body.at("data"), json({"a", "b"}));
  EXPECT_EQ(get("/admin/api-keys/tags/details").body.at("data").at(0),
            json({{"name", "a"}, {"count", 1}, {"accounts", 0}}));
  const auto renamed = call("PUT", "/admin/api-keys/tags/a", json{{"newName", "c"}});
  EXPECT_EQ(renamed.body.at("data").at("affectedCount"), 1);
  EXPECT_TRUE(renamed.changed);
  EXPECT_EQ(call("DELETE", "/admin/api-keys/tags/c").status, 200);
  EXPECT_EQ(call("DELETE", "/admin/api-keys/tags/c").status, 404);
  EXPECT_EQ(store_->find_key("k")->tags.size(), 0u);
}

}  // namespace
}  // namespace baton::admin
