#include "storage/store_contract.test.hpp"

#include <sstream>

#include "relay/account_text.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::storage {
namespace {

class sqlite_place final : public place {
 public:
  std::unique_ptr<store> open() override {
    return open_sqlite_store(folder_ / "baton.db", crypto::key_256{1, 2, 3}).value();
  }

 private:
  test_support::temp_dir folder_;
};

INSTANTIATE_TEST_SUITE_P(sqlite, store_contract,
                         testing::Values(engine{"sqlite",
                                                [] { return std::make_unique<sqlite_place>(); }}),
                         [](const auto& made) { return made.param.name; });

void put(std::ostream& out, const std::vector<std::string>& list) {
  for (const auto& item : list) out << item << ',';
  out << ';';
}

void put(std::ostream& out, const std::optional<wall_time>& time) {
  out << (time ? std::to_string(time->time_since_epoch().count()) : "never") << ';';
}

}  // namespace

relay::account full_account(const std::string& id, const std::string& name) {
  relay::account account;
  account.id = account_id(id);
  account.platform = "claude-console";
  account.name = name;
  account.description = "for \"tests\"; it's \xC3\xA4 1";
  account.api_url = "https://upstream.example/api";
  account.region = "eu-central-1";
  account.access_key_id = "AKIAEXAMPLE";
  account.deployment_name = "our-gpt";
  account.api_version = "2025-04-01-preview";
  account.credential = {"sk-upstream-secret", "session-secret", "aws-secret"};
  account.priority = 7;
  account.concurrency_limit = 4'000'000'000;
  account.models = {{"claude-a", "claude-b"}, {"x'y", ""}};
  account.proxy = {"socks5", "proxy.example", 65535, "user", "proxy-secret"};
  account.type = relay::account_type::group;
  account.groups = {group_id("group-2"), group_id("group-1")};
  account.quota = {9'000'000'000'000, 12'345'678'901'234};
  account.on_disconnect = {relay::disconnect_policy::action::drain, std::chrono::seconds(30)};
  int length = 0;
  for (const auto& field : relay::timeout_fields) {
    account.timeouts.*field.value = std::chrono::milliseconds(++length);
  }
  for (const auto kind : relay::cooldown_kinds) {
    account.cooldowns[std::string(to_string(kind))] = std::chrono::seconds(++length);
  }
  account.is_active = false;
  account.schedulable = false;
  account.tags = {"b", "a", "with, comma"};
  account.created_at = at_ms(1'700'000'000'123);
  account.updated_at = at_ms(1'700'000'000'456);
  return account;
}

relay::api_key full_key(const std::string& id, const std::string& name) {
  relay::api_key key;
  key.id = key_id(id);
  key.hash = "hash-of-" + id;
  key.name = name;
  key.description = "a key";
  key.permissions = {"claude", "openai"};
  key.restricted_models = {"blocked"};
  key.allowed_models = {"allowed-1", "allowed-2"};
  key.bound_account = account_id("account-1");
  key.bound_group = group_id("group-1");
  key.binding_fallback = true;
  key.queue_priority = 7;
  key.limits = {4'000'000'000, 60, 18'000'000'000'000'000'000u, 5, 4'000'000'001};
  key.limits.window_cost_nanousd = 1;
  key.limits.daily_cost_nanousd = 12'500'000'000;
  key.limits.total_cost_nanousd = 9'000'000'000'000'000'000;
  key.limits.weekly_claude_cost_nanousd = 3;
  key.limits.week = {7, 23};
  key.allowed_clients = {"claude_code", "codex_cli"};
  key.service_rates = {{"claude", 1'500'000}, {"openai", 0}};
  key.is_active = false;
  key.activation = std::chrono::hours(1);
  key.activated_at = at_ms(1'899'996'400'001);
  key.expires_at = at_ms(1'900'000'000'001);
  key.tags = {"team"};
  key.created_at = at_ms(1'700'000'000'123);
  key.updated_at = at_ms(1'700'000'000'456);
  return key;
}

relay::account_group full_group(const std::string& id, const std::string& name) {
  return {group_id(id), name, "it's a group", at_ms(1'700'000'000'123), at_ms(1'700'000'000'456)};
}

std::string described(const relay::account_group& group) {
  return group.id.value() + ';' + group.name + ';' + group.description + ';' +
         std::to_string(group.created_at.time_since_epoch().count()) + ';' +
         std::to_string(group.updated_at.time_since_epoch().count());
}

std::string described(const relay::account& account) {
  std::ostringstream out;
  out << account.id.value() << ';' << account.platform << ';' << account.name << ';'
      << account.description << ';' << account.api_url << ';' << account.region << ';'
      << account.access_key_id << ';' << account.deployment_name << ';' << account.api_version
      << ';' << account.credential.api_key << ';' << account.credential.session_token << ';'
      << account.credential.secret_access_key << ';' << account.priority << ';'
      << account.concurrency_limit << ';';
  for (const auto& [from, to] : account.models) out << from << '=' << to << ',';
  out << account.proxy.type << ';' << account.proxy.host << ';' << account.proxy.port << ';'
      << account.proxy.username << ';' << account.proxy.password << ';' << account.is_active << ';'
      << account.schedulable << ';';
  put(out, account.tags);
  out << to_string(account.type) << ';' << account.quota.tokens << ';' << account.quota.cost_nanousd
      << ';' << to_string(account.on_disconnect) << ';';
  for (const auto& group : account.groups) out << group.value() << ',';
  for (const auto& field : relay::timeout_fields) {
    const auto& value = account.timeouts.*field.value;
    out << field.name << '=' << (value ? std::to_string(value->count()) : "unset") << ',';
  }
  for (const auto& [kind, wait] : account.cooldowns) out << kind << '=' << wait.count() << ',';
  out << ';';
  put(out, account.created_at);
  put(out, account.updated_at);
  return out.str();
}

std::string described(const relay::api_key& key) {
  std::ostringstream out;
  out << key.id.value() << ';' << key.hash << ';' << key.name << ';' << key.description << ';';
  for (const auto* list : {&key.permissions, &key.restricted_models, &key.allowed_models}) {
    put(out, *list);
  }
  out << (key.bound_account ? key.bound_account->value() : "unbound") << ';'
      << (key.bound_group ? key.bound_group->value() : "unbound") << ';' << key.binding_fallback
      << ';' << key.queue_priority << ';' << key.limits.queue << ';' << key.limits.concurrency
      << ';' << key.limits.window_minutes << ';' << key.limits.window_requests << ';'
      << key.limits.window_tokens << ';' << key.limits.window_cost_nanousd << ';'
      << key.limits.daily_cost_nanousd << ';' << key.limits.total_cost_nanousd << ';'
      << key.limits.weekly_claude_cost_nanousd << ';' << int(key.limits.week.day) << '@'
      << int(key.limits.week.hour) << ';' << key.is_active << ';' << key.activation.count() << ';';
  for (const auto& [service, rate] : key.service_rates) out << service << '=' << rate << ',';
  put(out, key.allowed_clients);
  put(out, key.activated_at);
  put(out, key.expires_at);
  put(out, key.deleted_at);
  put(out, key.tags);
  put(out, key.created_at);
  put(out, key.updated_at);
  return out.str();
}

TEST_P(store_contract, a_setting_is_what_was_put_last) {
  EXPECT_EQ(store_->setting("name").value(), std::nullopt);
  ASSERT_TRUE(store_->put_setting("name", "first"));
  ASSERT_TRUE(store_->put_setting("name", std::string("second\0'x", 9)));
  EXPECT_EQ(store_->setting("name").value(), std::string("second\0'x", 9));
  ASSERT_TRUE(store_->put_setting("name", ""));
  EXPECT_EQ(store_->setting("name").value(), "");
}

TEST_P(store_contract, a_setting_is_added_only_once) {
  const auto other = place_->open();
  EXPECT_TRUE(store_->add_setting("name", "first").value());
  EXPECT_FALSE(other->add_setting("name", "second").value());
  EXPECT_EQ(store_->setting("name").value(), "first");
}

TEST_P(store_contract, the_directory_has_another_version_after_every_change) {
  const auto other = place_->open();
  auto version = store_->directory_version().value();
  const auto changed = [&] {
    const auto before = std::exchange(version, store_->directory_version().value());
    EXPECT_EQ(other->directory_version().value(), version);
    return before != version;
  };
  ASSERT_TRUE(other->add_account(full_account("account-1", "one")));
  EXPECT_TRUE(changed());
  ASSERT_TRUE(store_->update_account(full_account("account-1", "two")));
  EXPECT_TRUE(changed());
  ASSERT_TRUE(store_->add_key(full_key("key-1", "one")));
  EXPECT_TRUE(changed());
  ASSERT_TRUE(other->update_key(full_key("key-1", "two")));
  EXPECT_TRUE(changed());
  ASSERT_TRUE(store_->remove_account(account_id("account-1")));
  EXPECT_TRUE(changed());
  EXPECT_EQ(store_->load_directory()->version, version);
  EXPECT_FALSE(changed());
}

TEST_P(store_contract, what_is_used_and_done_leaves_the_directory_as_it_is) {
  const auto version = store_->directory_version().value();
  ASSERT_TRUE(store_->put_setting("name", "value"));
  ASSERT_TRUE(store_->add_audit({.at = at_ms(1), .actor = "a", .action = "b", .outcome = "done"}));
  usage_row row{key_id("k"), account_id("a"), "p", "m"};
  row.requests = 1;
  ASSERT_TRUE(store_->add_usage(std::span(&row, 1), std::nullopt));
  EXPECT_EQ(store_->directory_version().value(), version);
}

TEST_P(store_contract, the_directory_holds_all_accounts_and_the_keys_that_are_not_deleted) {
  EXPECT_TRUE(store_->load_directory().value().keys.empty());
  EXPECT_TRUE(store_->load_directory().value().accounts.empty());
  ASSERT_TRUE(store_->add_account(full_account("account-1", "one")));
  ASSERT_TRUE(store_->add_key(full_key("key-1", "one")));
  auto deleted = full_key("key-2", "two");
  deleted.deleted_at = at_ms(5);
  ASSERT_TRUE(store_->add_key(deleted));

  const auto loaded = place_->open()->load_directory().value();
  ASSERT_EQ(loaded.accounts.size(), 1u);
  EXPECT_EQ(described(loaded.accounts[0]), described(full_account("account-1", "one")));
  ASSERT_EQ(loaded.keys.size(), 1u);
  EXPECT_EQ(described(loaded.keys[0]), described(full_key("key-1", "one")));
}

TEST_P(store_contract, a_closed_store_keeps_everything) {
  ASSERT_TRUE(store_->put_setting("name", "value"));
  store_.reset();
  EXPECT_EQ(place_->open()->setting("name").value(), "value");
}

}  // namespace baton::storage
