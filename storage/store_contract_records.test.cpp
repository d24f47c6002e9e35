// Accounts and keys: the part of the contract that the command line and the admin API live on.
#include "storage/store_contract.test.hpp"

namespace baton::storage {
namespace {

TEST_P(store_contract, an_account_comes_back_with_all_its_fields) {
  const auto account = full_account("account-1", "one");
  ASSERT_TRUE(store_->add_account(account));
  EXPECT_EQ(described(store_->find_account("account-1").value()), described(account));
}

TEST_P(store_contract, an_account_of_defaults_comes_back_as_it_was) {
  relay::account account;
  account.id = account_id("account-1");
  account.name = "plain";
  ASSERT_TRUE(store_->add_account(account));
  EXPECT_EQ(described(store_->find_account("plain").value()), described(account));
}

TEST_P(store_contract, accounts_are_listed_by_name) {
  for (const auto* name : {"b", "a", "c"}) {
    ASSERT_TRUE(store_->add_account(full_account(std::string("id-of-") + name, name)));
  }
  std::string names;
  for (const auto& account : store_->accounts().value()) names += account.name;
  EXPECT_EQ(names, "abc");
}

TEST_P(store_contract, an_account_is_found_by_id_name_or_a_unique_start_of_its_id) {
  ASSERT_TRUE(store_->add_account(full_account("abcd1111", "one")));
  ASSERT_TRUE(store_->add_account(full_account("abcd2222", "two")));
  EXPECT_EQ(store_->find_account("abcd1111").value().name, "one");
  EXPECT_EQ(store_->find_account("two").value().id.value(), "abcd2222");
  EXPECT_EQ(store_->find_account("abcd2").value().name, "two");
  EXPECT_EQ(code_of(store_->find_account("abcd")), error_code::conflict);
  EXPECT_EQ(code_of(store_->find_account("abc")), error_code::not_found);
  EXPECT_EQ(code_of(store_->find_account("nobody")), error_code::not_found);
}

TEST_P(store_contract, a_name_wins_over_the_start_of_an_id) {
  ASSERT_TRUE(store_->add_account(full_account("abcd1111", "one")));
  ASSERT_TRUE(store_->add_account(full_account("ffff2222", "abcd")));
  EXPECT_EQ(store_->find_account("abcd").value().id.value(), "ffff2222");
}

TEST_P(store_contract, hostile_search_texts_find_nothing) {
  ASSERT_TRUE(store_->add_account(full_account("abcd1111", "one")));
  ASSERT_TRUE(store_->add_key(full_key("abcd1111", "one")));
  for (const std::string& text :
       {std::string(), std::string("%%%%"), std::string("abcd*"), std::string("____"),
        std::string("' OR 1=1 --"), std::string("abcd\0ffff", 9), std::string("\0abcd", 5),
        std::string("\xff\xfe\xff\xfe"), std::string(100'000, 'a')}) {
    EXPECT_EQ(code_of(store_->find_account(text)), error_code::not_found) << text;
    EXPECT_EQ(code_of(store_->find_key(text)), error_code::not_found) << text;
  }
}

TEST_P(store_contract, errors_do_not_repeat_what_was_searched) {
  const std::string pasted = "cr_0123456789";
  EXPECT_EQ(store_->find_key(pasted).error().text.find(pasted), std::string::npos);
  EXPECT_EQ(store_->find_account(pasted).error().text.find(pasted), std::string::npos);
}

TEST_P(store_contract, two_accounts_cannot_have_one_name_or_id) {
  ASSERT_TRUE(store_->add_account(full_account("account-1", "one")));
  ASSERT_TRUE(store_->add_account(full_account("account-2", "two")));
  EXPECT_EQ(code_of(store_->add_account(full_account("account-3", "one"))), error_code::conflict);
  EXPECT_EQ(code_of(store_->add_account(full_account("account-1", "new"))), error_code::conflict);
  EXPECT_EQ(code_of(store_->update_account(full_account("account-2", "one"))),
            error_code::conflict);
  EXPECT_EQ(store_->accounts().value().size(), 2u);
}

TEST_P(store_contract, updating_an_account_replaces_it_and_dates_it) {
  ASSERT_TRUE(store_->add_account(full_account("account-1", "one")));
  auto account = full_account("account-1", "renamed");
  account.credential = {"", "new-session-secret", "new-aws-secret"};
  account.region = "us-east-1";
  account.access_key_id.clear();
  account.deployment_name = "other";
  account.api_version.clear();
  account.proxy = {};
  account.models.clear();
  account.type = relay::account_type::dedicated;
  account.groups.clear();
  account.quota = {};
  account.on_disconnect = {};
  account.timeouts = {};
  account.timeouts.total = std::chrono::hours(1);
  account.cooldowns = {{"rate_limited", std::chrono::seconds(0)}};
  account.is_active = true;
  const auto before = wall_now();
  ASSERT_TRUE(store_->update_account(account));
  const auto found = store_->find_account("account-1").value();
  EXPECT_GE(found.updated_at, before);
  account.updated_at = found.updated_at;
  EXPECT_EQ(described(found), described(account));
}

TEST_P(store_contract, what_is_not_there_can_be_neither_updated_nor_removed) {
  EXPECT_EQ(code_of(store_->update_account(full_account("a", "a"))), error_code::not_found);
  EXPECT_EQ(code_of(store_->remove_account(account_id("a"))), error_code::not_found);
  EXPECT_EQ(code_of(store_->update_key(full_key("k", "k"))), error_code::not_found);
}

TEST_P(store_contract, a_removed_account_is_gone_and_its_usage_stays) {
  ASSERT_TRUE(store_->add_account(full_account("account-1", "one")));
  usage_row row;
  row.account = account_id("account-1");
  row.requests = 3;
  ASSERT_TRUE(store_->add_usage({&row, 1}, std::nullopt));
  ASSERT_TRUE(store_->remove_account(account_id("account-1")));
  EXPECT_EQ(code_of(store_->find_account("account-1")), error_code::not_found);
  usage_query query;
  query.accounts = {account_id("account-1")};
  EXPECT_EQ(store_->usage(query).value().at(0).requests, 3);
  EXPECT_TRUE(store_->add_account(full_account("account-9", "one")));
}

TEST_P(store_contract, a_text_that_is_not_utf8_is_refused_in_a_list) {
  auto account = full_account("account-1", "one");
  account.tags = {"\xff"};
  EXPECT_EQ(code_of(store_->add_account(account)), error_code::invalid_argument);
  account.tags = {};
  account.groups = {group_id("\xff")};
  EXPECT_EQ(code_of(store_->add_account(account)), error_code::invalid_argument);
  account.groups = {};
  account.models = {{"\xc3", "x"}};
  EXPECT_EQ(code_of(store_->add_account(account)), error_code::invalid_argument);
  EXPECT_TRUE(store_->accounts().value().empty());
}

TEST_P(store_contract, a_key_comes_back_with_all_its_fields) {
  const auto key = full_key("key-1", "one");
  ASSERT_TRUE(store_->add_key(key));
  EXPECT_EQ(described(store_->find_key("one").value()), described(key));
}

TEST_P(store_contract, a_key_of_defaults_comes_back_as_it_was) {
  relay::api_key key;
  key.id = key_id("key-1");
  key.hash = "hash";
  key.name = "plain";
  ASSERT_TRUE(store_->add_key(key));
  EXPECT_EQ(described(store_->find_key("key-1").value()), described(key));
}

TEST_P(store_contract, keys_are_listed_by_name_with_the_deleted_ones_on_demand) {
  ASSERT_TRUE(store_->add_key(full_key("key-1", "b")));
  ASSERT_TRUE(store_->add_key(full_key("key-2", "c")));
  auto deleted = full_key("key-3", "a");
  deleted.deleted_at = at_ms(5);
  ASSERT_TRUE(store_->add_key(deleted));
  std::string names, all_names;
  for (const auto& key : store_->keys(false).value()) names += key.name;
  for (const auto& key : store_->keys(true).value()) all_names += key.name;
  EXPECT_EQ(names, "bc");
  EXPECT_EQ(all_names, "abc");
}

TEST_P(store_contract, a_deleted_key_is_found_by_its_whole_id_only_and_frees_its_name) {
  auto key = full_key("abcd1111", "one");
  ASSERT_TRUE(store_->add_key(key));
  EXPECT_EQ(code_of(store_->add_key(full_key("abcd2222", "one"))), error_code::conflict);
  key.deleted_at = at_ms(5);
  ASSERT_TRUE(store_->update_key(key));
  EXPECT_EQ(code_of(store_->find_key("one")), error_code::not_found);
  EXPECT_EQ(code_of(store_->find_key("abcd")), error_code::not_found);
  EXPECT_EQ(store_->find_key("abcd1111").value().deleted_at, at_ms(5));

  ASSERT_TRUE(store_->add_key(full_key("abcd2222", "one")));
  EXPECT_EQ(store_->find_key("abcd").value().id.value(), "abcd2222");
  key.deleted_at.reset();
  EXPECT_EQ(code_of(store_->update_key(key)), error_code::conflict) << "restored, name taken";
  key.name = "two";
  EXPECT_TRUE(store_->update_key(key));
  EXPECT_EQ(code_of(store_->find_key("abcd")), error_code::conflict);
}

TEST_P(store_contract, two_keys_cannot_have_one_hash) {
  ASSERT_TRUE(store_->add_key(full_key("key-1", "one")));
  auto twin = full_key("key-2", "two");
  twin.hash = full_key("key-1", "one").hash;
  EXPECT_EQ(code_of(store_->add_key(twin)), error_code::conflict);
}

TEST_P(store_contract, updating_a_key_replaces_it_and_dates_it) {
  ASSERT_TRUE(store_->add_key(full_key("key-1", "one")));
  auto key = full_key("key-1", "renamed");
  key.bound_account.reset();
  key.bound_group.reset();
  key.binding_fallback = false;
  key.queue_priority = 100;
  key.activation = {};
  key.expires_at.reset();
  key.permissions.clear();
  key.allowed_clients.clear();
  key.service_rates.clear();
  key.limits = {};
  const auto before = wall_now();
  ASSERT_TRUE(store_->update_key(key));
  const auto found = store_->find_key("key-1").value();
  EXPECT_GE(found.updated_at, before);
  key.updated_at = found.updated_at;
  EXPECT_EQ(described(found), described(key));
}

// A key whose life of two hours begins with its first use.
relay::api_key sleeping_key() {
  relay::api_key key;
  key.id = key_id("key-1");
  key.hash = "hash";
  key.name = "one";
  key.activation = std::chrono::hours(2);
  return key;
}

TEST_P(store_contract, a_key_lives_from_the_first_use_that_is_stored) {
  ASSERT_TRUE(store_->add_key(sleeping_key()));
  const auto found = [&] { return store_->find_key("key-1").value(); };
  EXPECT_EQ(found().expires_at, std::nullopt);
  const auto other = place_->open();
  EXPECT_TRUE(store_->activate_key(key_id("key-1"), at_ms(1000)).value());
  EXPECT_FALSE(other->activate_key(key_id("key-1"), at_ms(500)).value()) << "it comes late";
  EXPECT_FALSE(store_->activate_key(key_id("key-1"), at_ms(9000)).value());
  EXPECT_EQ(found().activated_at, at_ms(1000));
  EXPECT_EQ(found().expires_at, at_ms(1000) + std::chrono::hours(2));
}

TEST_P(store_contract, only_keys_that_are_said_to_live_from_their_first_use_do) {
  ASSERT_TRUE(store_->add_key(sleeping_key()));
  ASSERT_TRUE(store_->add_key(full_key("key-2", "two")));
  EXPECT_FALSE(store_->activate_key(key_id("key-2"), at_ms(1)).value());
  EXPECT_EQ(described(store_->find_key("key-2").value()), described(full_key("key-2", "two")));
  EXPECT_FALSE(store_->activate_key(key_id("nobody"), at_ms(1)).value());
}

// Whoever changes a key has read it before its first use, and writes it whole.
TEST_P(store_contract, a_key_that_is_changed_keeps_its_first_use) {
  ASSERT_TRUE(store_->add_key(sleeping_key()));
  const auto found = [&] { return store_->find_key("key-1").value(); };
  auto read_before = found();
  ASSERT_TRUE(store_->activate_key(key_id("key-1"), at_ms(1000)).value());
  read_before.name = "renamed";
  read_before.activation = std::chrono::hours(3);
  ASSERT_TRUE(store_->update_key(read_before));
  EXPECT_EQ(found().name, "renamed");
  EXPECT_EQ(found().activated_at, at_ms(1000));
  EXPECT_EQ(found().expires_at, at_ms(1000) + std::chrono::hours(3));
}

}  // namespace
}  // namespace baton::storage
