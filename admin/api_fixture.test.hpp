// The administration's API without HTTP: its calls are served on a store in a folder of the test's
// own.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "admin/field_error.hpp"
#include "admin/service.hpp"
#include "storage/first_start.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::admin {

class known_config final : public live_config {
 public:
  ordered_json show() const override {
    return {{"settings",
             {{{"name", "log.level"},
               {"value", level_},
               {"default", "info"},
               {"allowed", "debug, info"},
               {"about", "What is logged"},
               {"changeable", true}}}}};
  }
  result<ordered_json> changes(const json& wanted) const override {
    auto changes = ordered_json::object();
    for (const auto& [name, value] : wanted.items()) {
      if (name != "log.level") return field_error(name, "there is no such setting");
      changes[name] = {level_, value};
    }
    return {boost::system::in_place_value, std::move(changes)};
  }
  void change(const json& wanted) override { level_ = wanted.at("log.level"); }
  void reload_prices() override { ++reloads; }

  int reloads = 0;

 private:
  std::string level_ = "info";
};

class api_test : public ::testing::Test {
 protected:
  static constexpr const char* password = "correct horse battery";

  void SetUp() override {
    storage::ensure_admin(*store_, "admin", password).value();
    token_ = log_in().value();
  }

  result<std::string> log_in() {
    auto issued = logins_.log_in({"admin", password, "127.0.0.1"}, now_);
    if (!issued) return issued.error();
    return issued->token;
  }

  struct reply {
    int status = 0;
    json body;
    std::string text;
    std::string content_type;
    std::vector<std::pair<std::string, std::string>> headers;
    bool changed = false;
    std::optional<errand> missing;

    std::string header(std::string_view name) const {
      for (const auto& [each, value] : headers) {
        if (each == name) return value;
      }
      return {};
    }
    std::string field() const { return body.at("error").value("field", ""); }
    std::string message() const { return body.at("error").at("message").get<std::string>(); }
    std::string code() const { return body.at("error").at("code").get<std::string>(); }
  };

  // `path` may have a query.
  reply call(std::string method, std::string path, const std::string& body = {}) {
    request asked;
    asked.method = std::move(method);
    const auto mark = path.find('?');
    if (mark != path.npos) asked.query = path.substr(mark + 1);
    asked.path = path.substr(0, mark);
    asked.body = body;
    asked.credential = token_;
    asked.if_match = if_match_;
    asked.address = "127.0.0.1";
    return serve_it(asked);
  }
  reply call(std::string method, std::string path, const json& body) {
    return call(std::move(method), std::move(path), body.dump());
  }
  reply get(std::string path) { return call("GET", std::move(path)); }

  reply serve_it(const request& asked) {
    auto done = serve(desk_, asked, found_, now_);
    reply told;
    told.changed = done.changed;
    if (auto* const wanted = std::get_if<errand>(&done.next)) {
      told.missing = std::move(*wanted);
      return told;
    }
    auto& reply = std::get<answer>(done.next);
    told.status = reply.status;
    told.text = reply.body;
    told.headers = reply.headers;
    told.content_type = reply.content_type;
    if (reply.content_type == "application/json") told.body = json::parse(reply.body);
    return told;
  }

  json make_key(const json& fields) {
    const auto made = call("POST", "/api/v2/keys", fields);
    EXPECT_EQ(made.status, 201) << made.text;
    return made.body;
  }
  json make_account(const std::string& name, json fields = json::object()) {
    fields["name"] = name;
    if (!fields.contains("apiUrl")) fields["apiUrl"] = "https://upstream.test";
    if (!fields.contains("apiKey")) fields["apiKey"] = "sk-secret-of-" + name;
    const auto made = call("POST", "/api/v2/accounts/claude-console", fields);
    EXPECT_EQ(made.status, 201) << made.text;
    return made.body;
  }

  test_support::temp_dir folder_;
  std::unique_ptr<storage::store> store_ =
      std::move(storage::open_sqlite_store(folder_.path() / "baton.db", crypto::key_256{}).value());
  storage::ledger_reader ledger_{folder_.path() / "ledger"};
  login_service logins_{*store_, token_signer("a secret of this test"), std::chrono::hours(1)};
  known_config config_;
  desk desk_{*store_, ledger_, logins_, "cr_", "encryption", std::chrono::hours(0), config_};
  moment now_ = moment_now();
  findings found_;
  std::string token_;
  std::string if_match_;
};

}  // namespace baton::admin
