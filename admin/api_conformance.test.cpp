// The API held against its description: what it answers, takes and refuses.
#include <functional>
#include <map>

#include "admin/api_fixture.test.hpp"
#include "admin/json_schema.test.hpp"
#include "admin/openapi.hpp"
#include "admin/route.hpp"
#include "storage/ledger/ledger_records.test.hpp"

namespace baton::admin {
namespace {

class api_conformance : public api_test {
 protected:
  void SetUp() override {
    api_test::SetUp();
    find_everything();
  }

  // What the relay has to say to whatever is asked.
  void find_everything() {
    found_.flushed = result<void>();
    found_.reset = result<void>();
    found_.trial = relay::account_trial{
        .works = true, .status = 200, .latency = std::chrono::milliseconds(7), .model = "m"};
    relay::choice_explanation choice;
    choice.refusal = internal_error(error_code::no_account, "No account can serve this.");
    choice.accounts.push_back({.id = account_id("a"),
                               .name = "a",
                               .platform = "claude-console",
                               .back_in = std::chrono::seconds(5)});
    found_.choice = choice;
  }

  // Others than those before, and where the relay sees the account.
  void renew() {
    const auto name = "thing-" + std::to_string(++made_);
    key_ = make_key({{"name", name}}).at("id");
    group_ = call("POST", "/api/v2/groups", json{{"name", name}}).body.at("id");
    account_ = make_account(name, {{"dailyQuota", 5}}).at("id");
    tag_ = call("POST", "/api/v2/tags", json{{"name", name}}).body.at("name");
    relay::account_report report;
    report.id = account_id(account_);
    report.back_at = now_.wall;
    report.limited.push_back({"claude-opus", now_.wall});
    report.in_flight = 1;
    report.used_today = relay::usage_amount{};
    found_.accounts = std::vector{report};
  }

  std::string path_of(const route& of) const {
    std::string path(of.path);
    const auto put = [&path](std::string_view hole, const std::string& value) {
      if (const auto at = path.find(hole); at != path.npos) path.replace(at, hole.size(), value);
    };
    put("{platform}", "claude-console");
    put("{name}", tag_);
    const bool of_account = of.path.starts_with("/api/v2/accounts");
    const bool of_group = of.path.starts_with("/api/v2/groups");
    put("{id}", of_account ? account_ : of_group ? group_ : key_);
    return path;
  }

  // A body that each route with such a schema takes.
  json sample(std::string_view schema) const {
    const auto name = "sample-" + std::to_string(made_);
    const std::map<std::string_view, json> all = {
        {"Login", {{"username", "admin"}, {"password", password}}},
        {"PasswordChange", {{"currentPassword", password}, {"newPassword", password}}},
        {"NewKey", {{"name", name}}},
        {"KeyChange", {{"concurrencyLimit", 3}}},
        {"NewAccount", {{"name", name}, {"apiUrl", "https://up.test"}, {"apiKey", "k"}}},
        {"AccountChange", {{"priority", 7}}},
        {"NewGroup", {{"name", name}}},
        {"GroupChange", {{"description", "of this test"}}},
        {"TagName", {{"name", name}}},
        {"TestOrder", {{"model", "claude-haiku-4-5"}}},
        {"DryRun", {{"key", key_}, {"model", "claude-haiku-4-5"}}},
        {"ConfigChange", {{"log.level", "debug"}}},
    };
    const auto found = all.find(schema);
    EXPECT_NE(found, all.end()) << "there is no sample of " << schema;
    return found == all.end() ? json() : found->second;
  }

  reply call_route(const route& of, const std::string& query = {}) {
    if (of.path.ends_with("/restore")) call("DELETE", "/api/v2/keys/" + key_);
    const auto body = of.request_schema.empty() ? "" : sample(of.request_schema).dump();
    return call(std::string(of.method), path_of(of) + query, body);
  }

  // Of v2; each with things of its own.
  void for_each_route(const std::function<void(const route&)>& see) {
    for (const auto routes : all_routes()) {
      for (const auto& each : routes) {
        if (each.speaks != dialect::v2) continue;
        SCOPED_TRACE(std::string(each.method) + " " + std::string(each.path));
        renew();
        see(each);
        // Some end the login, which is what they are for.
        if (each.path.find("/auth/") != each.path.npos) token_ = log_in().value();
      }
    }
  }

  std::string problem(std::string_view schema, const json& value) const {
    return checker_.problem(schemas_.at(std::string(schema)), value);
  }

  void expect_refused(const reply& told, int status, const std::string& field = {}) const {
    EXPECT_EQ(told.status, status) << told.text;
    EXPECT_EQ(problem("Error", told.body), "");
    if (told.status == status) EXPECT_EQ(told.field(), field) << told.text;
  }

  const json schemas_ = json::parse(openapi_text()).at("components").at("schemas");
  const schema_checker checker_{schemas_};
  int made_ = 0;
  std::string key_, account_, group_, tag_;
};

TEST_F(api_conformance, every_route_answers_as_it_is_described) {
  for_each_route([this](const route& each) {
    if (!each.request_schema.empty()) {
      EXPECT_EQ(problem(each.request_schema, sample(each.request_schema)), "");
    }
    const auto told = call_route(each);
    ASSERT_FALSE(told.missing) << "asks for what find_everything() has not";
    EXPECT_EQ(told.status, each.success) << told.text;
    if (each.answer_schema.empty()) {
      const auto type = told.content_type.substr(0, told.content_type.find(';'));
      EXPECT_NE(std::find(each.media_types.begin(), each.media_types.end(), type),
                each.media_types.end());
    } else {
      EXPECT_EQ(problem(each.answer_schema, told.body), "") << told.text;
    }
  });
}

TEST_F(api_conformance, usage_and_requests_are_told_as_they_are_described) {
  renew();
  storage::usage_row row{key_id(key_), account_id(account_), "claude-console", "m",
                         std::chrono::floor<std::chrono::hours>(now_.wall)};
  row.requests = 1;
  store_->add_usage(std::span(&row, 1), std::nullopt).value();
  auto ledger = storage::ledger_writer::open(folder_.path() / "ledger", {}).value();
  storage::append_next(ledger, 3).value();
  const auto expect_items = [this](const std::string& path, std::string_view schema) {
    const auto told = get(path).body;
    EXPECT_FALSE(told.at("items").empty()) << path;
    EXPECT_EQ(problem(schema, told), "") << path;
  };
  for (const std::string query : {"", "?groupBy=key&granularity=day", "?groupBy=model&top=0"}) {
    expect_items("/api/v2/stats/usage" + query, "UsageReport");
    expect_items("/api/v2/stats/cost" + query, "CostReport");
  }
  expect_items("/api/v2/stats/keys/" + key_ + "?granularity=hour", "KeyStats");
  expect_items("/api/v2/stats/requests", "RequestPage");
  expect_items("/api/v2/audit", "AuditPage");
}

TEST_F(api_conformance, errors_are_as_they_are_described) {
  for_each_route([this](const route& each) {
    const std::string method(each.method);
    if (each.open_to == access::administrator) {
      const auto token = std::exchange(token_, "nonsense");
      expect_refused(call_route(each), 401);
      token_ = token;
    }
    if (!each.request_schema.empty()) {
      expect_refused(call(method, path_of(each), std::string("{")), 400);
      expect_refused(call(method, path_of(each), std::string("[]")), 400);
      auto body = sample(each.request_schema);
      body["odd"] = 1;
      expect_refused(call(method, path_of(each), body), 422, "odd");
    }
    if (each.path.find('{') != each.path.npos && method != "POST") {
      key_ = account_ = group_ = tag_ = "nothing";
      const auto told = call_route(each);
      const bool is_list = told.status == 200 && each.answer_schema == "AccountPage";
      if (!is_list) expect_refused(told, 404);
    }
    const auto wrong = call("PATCH", path_of(each));
    expect_refused(wrong, 405);
    EXPECT_NE(wrong.header("allow").find(method), std::string::npos);
  });
}

TEST_F(api_conformance, what_a_body_must_have_is_required) {
  for_each_route([this](const route& each) {
    if (each.request_schema.empty()) return;
    const auto whole = sample(each.request_schema);
    for (const auto& [name, value] : whole.items()) {
      auto body = whole;
      body.erase(name);
      if (problem(each.request_schema, body).empty()) continue;
      expect_refused(call(std::string(each.method), path_of(each), body), 422, name);
    }
  });
}

TEST_F(api_conformance, queries_take_what_is_described_and_nothing_else) {
  for_each_route([this](const route& each) {
    if (each.query.empty()) return;
    expect_refused(call_route(each, "?odd=1"), 400);
    const std::map<std::string_view, std::string> samples = {{"page", "1"},
                                                             {"pageSize", "10"},
                                                             {"search", "a"},
                                                             {"sort", "name"},
                                                             {"order", "desc"},
                                                             {"isActive", "true"},
                                                             {"from", "today"},
                                                             {"to", "now"},
                                                             {"group", group_},
                                                             {"actor", "admin"},
                                                             {"action", "x"},
                                                             {"objectType", "key"},
                                                             {"objectId", "x"},
                                                             {"limit", "5"},
                                                             {"before", "5"},
                                                             {"format", "csv"},
                                                             {"key", key_},
                                                             {"account", account_},
                                                             {"model", "m"},
                                                             {"granularity", "day"},
                                                             {"groupBy", "model"},
                                                             {"platform", "gemini"},
                                                             {"top", "0"},
                                                             {"schedulable", "false"},
                                                             {"permissions", "openai"},
                                                             {"includeDeleted", "true"},
                                                             {"tag", tag_}};
    for (const auto name : each.query) {
      ASSERT_TRUE(samples.contains(name)) << "there is no sample of " << name;
      const auto told = call_route(each, "?" + std::string(name) + "=" + samples.at(name));
      // Usage of a tag that no key has cannot be told.
      if (name == "tag" && told.status == 404) continue;
      EXPECT_EQ(told.status, 200) << name << ": " << told.text;
    }
    for (const auto name : {"page", "pageSize", "limit", "before"}) {
      if (std::find(each.query.begin(), each.query.end(), name) == each.query.end()) continue;
      expect_refused(call_route(each, "?" + std::string(name) + "=0"), 400);
    }
  });
}

TEST_F(api_conformance, edits_meant_for_another_state_are_refused_where_it_is_described) {
  for_each_route([this](const route& each) {
    if (each.open_to == access::anybody) return;
    if (each.path.ends_with("/restore")) call("DELETE", "/api/v2/keys/" + key_);
    if_match_ = "\"1\"";
    const auto body = each.request_schema.empty() ? "" : sample(each.request_schema).dump();
    const auto told = call(std::string(each.method), path_of(each), body);
    if_match_.clear();
    if (each.checks_if_match) {
      expect_refused(told, 409);
    } else {
      EXPECT_EQ(told.status, each.success);
    }
  });
}

}  // namespace
}  // namespace baton::admin
