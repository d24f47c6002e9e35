// Groups of accounts: the part of the contract that bindings live on.
#include "storage/store_contract.test.hpp"

namespace baton::storage {
namespace {

relay::account account_in(const std::string& id, std::vector<group_id> groups) {
  auto account = full_account(id, "name of " + id);
  account.groups = std::move(groups);
  return account;
}

relay::api_key key_of(const std::string& id, std::optional<group_id> group) {
  auto key = full_key(id, "name of " + id);
  key.bound_account.reset();
  key.bound_group = std::move(group);
  return key;
}

TEST_P(store_contract, groups_come_back_by_name) {
  EXPECT_TRUE(store_->groups().value().empty());
  ASSERT_TRUE(store_->add_group(full_group("group-1", "b")));
  ASSERT_TRUE(store_->add_group(full_group("group-2", "a")));
  const auto all = place_->open()->groups().value();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(described(all[0]), described(full_group("group-2", "a")));
  EXPECT_EQ(described(all[1]), described(full_group("group-1", "b")));
}

TEST_P(store_contract, a_group_is_found_by_id_name_or_a_unique_start_of_its_id) {
  ASSERT_TRUE(store_->add_group(full_group("abcd1111", "one")));
  ASSERT_TRUE(store_->add_group(full_group("abcd2222", "two")));
  EXPECT_EQ(store_->find_group("abcd1111").value().name, "one");
  EXPECT_EQ(store_->find_group("two").value().id.value(), "abcd2222");
  EXPECT_EQ(store_->find_group("abcd2").value().name, "two");
  EXPECT_EQ(code_of(store_->find_group("abcd")), error_code::conflict);
  for (const char* text : {"", "abc", "nobody", "%%%%", "' OR 1=1 --"}) {
    EXPECT_EQ(code_of(store_->find_group(text)), error_code::not_found) << text;
  }
}

TEST_P(store_contract, two_groups_cannot_have_one_name_or_id) {
  ASSERT_TRUE(store_->add_group(full_group("group-1", "one")));
  ASSERT_TRUE(store_->add_group(full_group("group-2", "two")));
  EXPECT_EQ(code_of(store_->add_group(full_group("group-3", "one"))), error_code::conflict);
  EXPECT_EQ(code_of(store_->add_group(full_group("group-1", "new"))), error_code::conflict);
  EXPECT_EQ(code_of(store_->update_group(full_group("group-2", "one"))), error_code::conflict);
  EXPECT_EQ(store_->groups().value().size(), 2u);
}

TEST_P(store_contract, updating_a_group_replaces_it_and_dates_it) {
  ASSERT_TRUE(store_->add_group(full_group("group-1", "one")));
  auto group = full_group("group-1", "renamed");
  group.description = "";
  const auto before = wall_now();
  ASSERT_TRUE(store_->update_group(group));
  const auto found = store_->find_group("renamed").value();
  EXPECT_GE(found.updated_at, before);
  group.updated_at = found.updated_at;
  EXPECT_EQ(described(found), described(group));
}

TEST_P(store_contract, a_group_that_is_not_there_can_be_neither_updated_nor_removed) {
  EXPECT_EQ(code_of(store_->update_group(full_group("g", "g"))), error_code::not_found);
  EXPECT_EQ(code_of(store_->remove_group(group_id("g"))), error_code::not_found);
}

TEST_P(store_contract, a_group_in_use_is_not_removed_and_says_by_how_many) {
  const group_id group("group-1"), other("group-2");
  ASSERT_TRUE(store_->add_group(full_group("group-1", "one")));
  ASSERT_TRUE(store_->add_group(full_group("group-2", "two")));
  ASSERT_TRUE(store_->add_account(account_in("account-1", {other, group})));
  ASSERT_TRUE(store_->add_account(account_in("account-2", {group})));
  ASSERT_TRUE(store_->add_account(account_in("account-3", {other})));
  ASSERT_TRUE(store_->add_key(key_of("key-1", group)));
  ASSERT_TRUE(store_->add_key(key_of("key-2", std::nullopt)));
  const auto refused = store_->remove_group(group);
  EXPECT_EQ(code_of(refused), error_code::conflict);
  EXPECT_NE(refused.error().text.find("2 accounts and 1 key"), std::string::npos)
      << refused.error().text;

  ASSERT_TRUE(store_->update_account(account_in("account-1", {other})));
  ASSERT_TRUE(store_->remove_account(account_id("account-2")));
  EXPECT_EQ(code_of(store_->remove_group(group)), error_code::conflict) << "the key is left";
  ASSERT_TRUE(store_->update_key(key_of("key-1", std::nullopt)));
  EXPECT_TRUE(store_->remove_group(group));
  EXPECT_EQ(code_of(store_->find_group("one")), error_code::not_found);
  EXPECT_EQ(store_->groups().value().size(), 1u);
}

TEST_P(store_contract, a_deleted_key_does_not_hold_its_group) {
  ASSERT_TRUE(store_->add_group(full_group("group-1", "one")));
  auto key = key_of("key-1", group_id("group-1"));
  key.deleted_at = at_ms(5);
  ASSERT_TRUE(store_->add_key(key));
  EXPECT_TRUE(store_->remove_group(group_id("group-1")));
}

}  // namespace
}  // namespace baton::storage
