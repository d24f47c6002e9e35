// What keys, accounts and groups take of each field, held against the description.
#include <set>

#include "admin/api_fixture.test.hpp"
#include "admin/json_schema.test.hpp"
#include "admin/openapi.hpp"
#include "relay/platform.hpp"

namespace baton::admin {
namespace {

class api_fields : public api_test {
 protected:
  void SetUp() override {
    api_test::SetUp();
    group_ = call("POST", "/api/v2/groups", json{{"name", "all"}}).body.at("id");
    account_ = make_account("first").at("id");
  }

  // Sends them one after the other. Each must be taken and shown, and together they must have every
  // field that `schema` has.
  void expect_taken(const std::string& path, const std::string& schema,
                    const std::vector<json>& edits, std::set<std::string> sent) {
    auto of_edits = schemas_.at(schema);
    of_edits.erase("required");
    for (const auto& edit : edits) {
      EXPECT_EQ(checker_.problem(of_edits, edit), "");
      const auto told = call("PUT", path, edit);
      ASSERT_EQ(told.status, 200) << told.text << " for " << edit;
      for (const auto& [name, value] : edit.items()) {
        sent.insert(name);
        if (told.body.contains(name)) EXPECT_EQ(told.body.at(name), value) << name;
      }
    }
    for (const auto& [name, of] : schemas_.at(schema).at("properties").items()) {
      EXPECT_EQ(sent.contains(name), !of.value("readOnly", false)) << name;
    }
  }

  // Whatever the schema does not allow of a field is refused with its name.
  void expect_refused(const std::string& path, const std::string& schema) {
    auto odd = json::parse(R"([null, true, -1, 1.5, 2e15, "", "odd", [], [1], [""], {"odd": 1}])");
    odd.push_back(std::string(9000, 'x'));
    // They change by themselves: what was read of them may be put back, and the time of a change
    // tells which state was read.
    const std::set<std::string> passed_over = {"isActivated", "activatedAt", "updatedAt",
                                               "accountIds"};
    for (const auto& [name, of] : schemas_.at(schema).at("properties").items()) {
      if (passed_over.contains(name)) continue;
      for (const auto& value : odd) {
        const bool closed = of.value("readOnly", false);
        if (!closed && checker_.problem(of, value).empty()) continue;
        if (closed && !value.is_structured()) continue;  // it may be what is there
        const auto told = call("PUT", path, json{{name, value}});
        ASSERT_EQ(told.status, 422) << name << ": " << value.dump().substr(0, 40);
        EXPECT_TRUE(told.field().starts_with(name)) << told.text;
      }
    }
  }

  const json schemas_ = json::parse(openapi_text()).at("components").at("schemas");
  const schema_checker checker_{schemas_};
  std::string group_, account_;
};

TEST_F(api_fields, of_keys_are_taken_as_described) {
  const auto path = "/api/v2/keys/" + make_key({{"name", "k"}}).at("id").get<std::string>();
  const auto first = json::parse(R"({
    "name": "other", "description": "what for", "permissions": ["claude"], "allowedModels": ["m"],
    "enableModelRestriction": true, "restrictedModels": ["n"], "bindingFallback": true,
    "concurrencyLimit": 3, "concurrentRequestQueue": 2, "queuePriority": 7, "rateLimitWindow": 60,
    "rateLimitRequests": 100, "tokenLimit": 1000, "rateLimitCost": 0.5, "dailyCostLimit": 5,
    "totalCostLimit": 50, "weeklyOpusCostLimit": 9.25, "weeklyResetDay": 2, "weeklyResetHour": 23,
    "serviceRates": {"claude": 1.5}, "enableClientRestriction": true,
    "allowedClients": ["claude_code"], "isActive": false, "tags": ["team"],
    "expiresAt": "2099-01-01T00:00:00.000Z"})");
  const auto from_first_use = json::parse(
      R"({"expirationMode": "activation", "activationDays": 30, "activationUnit": "days"})");
  expect_taken(path, "KeyChange",
               {first, from_first_use, json{{"accountId", account_}}, json{{"groupId", group_}}},
               {});
  expect_refused(path, "KeyChange");
}

TEST_F(api_fields, of_groups_are_taken_as_described) {
  const auto path = "/api/v2/groups/" + group_;
  expect_taken(path, "GroupChange", {json{{"name", "other"}, {"description", "what for"}}}, {});
  expect_refused(path, "GroupChange");
}

TEST_F(api_fields, of_accounts_are_taken_as_described) {
  expect_refused("/api/v2/accounts/claude-console/" + account_, "AccountChange");
  const auto common = json::parse(R"({
    "description": "what for", "apiUrl": "https://up.test", "priority": 7, "concurrencyLimit": 5,
    "supportedModels": {"a": "b"}, "accountType": "shared", "groupIds": [],
    "dailyQuota": {"tokens": 7, "usd": 12.5}, "disconnectPolicy": "drain:30",
    "timeouts": {"connectMs": 2000}, "cooldowns": {"rate_limited": 30}, "isActive": false,
    "schedulable": false, "tags": ["x"],
    "proxy": {"type": "http", "host": "h", "port": 1, "username": "", "passwordSet": false}})");
  // Of each what makes one, then edits.
  const auto platforms = json::parse(R"({
    "claude-console": [{"apiUrl": "https://up.test", "apiKey": "k"},
                       {"apiKey": null, "sessionToken": "t"}],
    "openai-responses": [{"apiUrl": "https://up.test", "apiKey": "k"},
                         {"apiKey": null, "sessionToken": "t"}],
    "azure-openai": [{"apiUrl": "https://up.test", "apiKey": "k"},
                     {"apiKey": null, "sessionToken": "t"},
                     {"deploymentName": "d", "apiVersion": "2024-10-21"}],
    "gemini-api": [{"apiUrl": "https://up.test", "apiKey": "k"}],
    "gemini": [{"sessionToken": "t"}, {"apiKey": null}],
    "bedrock": [{"region": "eu-central-1", "accessKeyId": "i", "secretAccessKey": "s",
                 "sessionToken": "t"},
                {"accessKeyId": "", "secretAccessKey": null, "sessionToken": null,
                 "bearerToken": "b"},
                {"apiKey": "k"}]})");
  for (const auto* const each : relay::platforms()) {
    const std::string platform(each->id());
    SCOPED_TRACE(platform);
    ASSERT_TRUE(platforms.contains(platform)) << "there is no sample of it";
    auto body = platforms.at(platform).at(0);
    body["name"] = platform;
    const auto schema = "NewAccount." + platform;
    EXPECT_EQ(checker_.problem(schemas_.at(schema), body), "");
    const auto made = call("POST", "/api/v2/accounts/" + platform, body);
    ASSERT_EQ(made.status, 201) << made.text;
    std::set<std::string> sent;
    for (const auto& [name, value] : body.items()) sent.insert(name);
    std::vector<json> edits(platforms.at(platform).begin() + 1, platforms.at(platform).end());
    edits.push_back(common);
    edits.push_back(json{{"groupId", group_}});
    expect_taken("/api/v2/accounts/" + platform + "/" + made.body.at("id").get<std::string>(),
                 schema, edits, sent);
  }
}

}  // namespace
}  // namespace baton::admin
