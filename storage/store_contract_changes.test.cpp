// Changes that are made together, and changes by two at once.
#include "storage/store_contract.test.hpp"

namespace baton::storage {
namespace {

error some_error() {
  return downstream_error(error_code::permission_denied, "not today");
}

audit_entry some_entry() {
  audit_entry entry;
  entry.actor = "admin";
  entry.action = "key.create";
  return entry;
}

TEST_P(store_contract, what_is_done_together_is_kept_together) {
  ASSERT_TRUE(store_->together([&]() -> result<void> {
    if (auto done = store_->add_key(full_key("key-1", "one")); !done) return done;
    return store_->add_audit(some_entry());
  }));
  const auto other = place_->open();
  EXPECT_TRUE(other->find_key("one"));
  EXPECT_EQ(other->audit({}).value().entries.size(), 1u);
}

TEST_P(store_contract, nothing_is_left_of_work_that_fails) {
  ASSERT_TRUE(store_->add_account(full_account("account-1", "one")));
  const auto before = described(store_->find_account("one").value());
  usage_row row;
  row.account = account_id("account-1");
  row.model = "m";
  const auto failed = store_->together([&]() -> result<void> {
    EXPECT_TRUE(store_->update_account(full_account("account-1", "renamed")));
    EXPECT_TRUE(store_->add_group(full_group("group-1", "one")));
    EXPECT_TRUE(store_->add_key(full_key("key-1", "one")));
    EXPECT_TRUE(store_->add_usage(std::vector{row}, 7));
    EXPECT_TRUE(store_->add_audit(some_entry()));
    EXPECT_TRUE(store_->end_login("token", at_ms(2), at_ms(1)));
    EXPECT_TRUE(store_->put_setting("name", "value"));
    EXPECT_TRUE(store_->find_key("one")) << "seen by itself";
    return some_error();
  });
  EXPECT_EQ(code_of(failed), error_code::permission_denied);
  EXPECT_EQ(described(store_->find_account("one").value()), before);
  EXPECT_TRUE(store_->groups().value().empty());
  EXPECT_TRUE(store_->keys(true).value().empty());
  EXPECT_TRUE(store_->usage({}).value().empty());
  EXPECT_EQ(store_->ledger_position().value(), 0u);
  EXPECT_TRUE(store_->audit({}).value().entries.empty());
  EXPECT_FALSE(store_->ended_login("token").value());
  EXPECT_EQ(store_->setting("name").value(), std::nullopt);

  ASSERT_TRUE(store_->add_usage(std::vector{row}, 7)) << "as if nothing had been";
  EXPECT_EQ(store_->usage({}).value().size(), 1u);
}

TEST_P(store_contract, a_part_that_fails_takes_only_itself_back) {
  ASSERT_TRUE(store_->add_group(full_group("group-1", "one")));
  ASSERT_TRUE(store_->together([&]() -> result<void> {
    EXPECT_TRUE(store_->update_group(full_group("group-1", "renamed")));
    EXPECT_EQ(code_of(store_->together([&]() -> result<void> {
                EXPECT_TRUE(store_->remove_group(group_id("group-1")));
                return some_error();
              })),
              error_code::permission_denied);
    EXPECT_EQ(code_of(store_->remove_group(group_id("group-2"))), error_code::not_found);
    return store_->together([&] { return store_->add_group(full_group("group-2", "two")); });
  }));
  const auto groups = place_->open()->groups().value();
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].name, "renamed");
  EXPECT_EQ(groups[1].name, "two");
}

TEST_P(store_contract, others_see_nothing_of_work_that_is_not_done_yet) {
  const auto other = place_->open();
  ASSERT_TRUE(store_->together([&]() -> result<void> {
    EXPECT_TRUE(store_->add_key(full_key("key-1", "one")));
    EXPECT_FALSE(other->find_key("one"));
    return {};
  }));
  EXPECT_TRUE(other->find_key("one"));
}

// One kind of record, so that the same is asked of all of them.
struct record {
  std::function<result<void>(store&)> add;
  std::function<result<void>(store&, const std::string& name, std::optional<wall_time>)> update;
  std::function<result<void>(store&, std::optional<wall_time>)> remove;  // null: never removed
  std::function<wall_time(store&)> updated_at;
  std::function<std::string(store&)> name;
  std::string what;
};

const record records[] = {
    {[](store& in) { return in.add_key(full_key("record", "one")); },
     [](store& in, const std::string& name, std::optional<wall_time> since) {
       return in.update_key(full_key("record", name), since);
     },
     nullptr, [](store& in) { return in.find_key("record").value().updated_at; },
     [](store& in) { return in.find_key("record").value().name; }, "key"},
    {[](store& in) { return in.add_account(full_account("record", "one")); },
     [](store& in, const std::string& name, std::optional<wall_time> since) {
       return in.update_account(full_account("record", name), since);
     },
     [](store& in, std::optional<wall_time> since) {
       return in.remove_account(account_id("record"), since);
     },
     [](store& in) { return in.find_account("record").value().updated_at; },
     [](store& in) { return in.find_account("record").value().name; }, "account"},
    {[](store& in) { return in.add_group(full_group("record", "one")); },
     [](store& in, const std::string& name, std::optional<wall_time> since) {
       return in.update_group(full_group("record", name), since);
     },
     [](store& in, std::optional<wall_time> since) {
       return in.remove_group(group_id("record"), since);
     },
     [](store& in) { return in.find_group("record").value().updated_at; },
     [](store& in) { return in.find_group("record").value().name; }, "group"},
};

TEST_P(store_contract, of_two_who_change_what_they_have_read_the_second_is_refused) {
  for (const auto& each : records) {
    SCOPED_TRACE(each.what);
    ASSERT_TRUE(each.add(*store_));
    const auto other = place_->open();
    const auto read = each.updated_at(*store_);
    ASSERT_TRUE(each.update(*other, "first", read));
    const auto refused = each.update(*store_, "second", read);
    EXPECT_EQ(code_of(refused), error_code::conflict);
    EXPECT_EQ(refused.error().text, "the " + each.what + " was changed by somebody else meanwhile");
    EXPECT_EQ(each.name(*store_), "first");
    EXPECT_TRUE(each.update(*store_, "second", each.updated_at(*store_)));
    EXPECT_TRUE(each.update(*store_, "third", std::nullopt)) << "whoever does not ask is not";
    EXPECT_EQ(each.name(*store_), "third");
  }
}

TEST_P(store_contract, what_was_changed_since_it_was_read_is_not_removed) {
  for (const auto& each : records) {
    if (!each.remove) continue;
    SCOPED_TRACE(each.what);
    ASSERT_TRUE(each.add(*store_));
    const auto read = each.updated_at(*store_);
    ASSERT_TRUE(each.update(*store_, "changed", read));
    EXPECT_EQ(code_of(each.remove(*store_, read)), error_code::conflict);
    EXPECT_EQ(each.name(*store_), "changed");
    const auto last = each.updated_at(*store_);
    EXPECT_TRUE(each.remove(*store_, last));
    EXPECT_EQ(code_of(each.remove(*store_, last)), error_code::not_found);
    EXPECT_EQ(code_of(each.update(*store_, "x", last)), error_code::not_found);
  }
}

// However fast they follow one another, and whatever the clock says.
TEST_P(store_contract, each_update_has_a_later_date_than_the_one_before) {
  for (const auto& each : records) {
    SCOPED_TRACE(each.what);
    ASSERT_TRUE(each.add(*store_));
    for (int i = 0; i < 20; ++i) {
      const auto before = each.updated_at(*store_);
      ASSERT_TRUE(each.update(*store_, "name", before));
      EXPECT_GT(each.updated_at(*store_), before);
    }
  }
  auto ahead = full_group("ahead", "ahead");
  ahead.updated_at = wall_now() + std::chrono::hours(1);
  ASSERT_TRUE(store_->add_group(ahead));
  ASSERT_TRUE(store_->update_group(ahead));
  EXPECT_EQ(store_->find_group("ahead").value().updated_at,
            ahead.updated_at + std::chrono::milliseconds(1));
}

TEST_P(store_contract, a_name_that_is_taken_leaves_the_record_as_it_was) {
  for (const auto& each : records) {
    SCOPED_TRACE(each.what);
    ASSERT_TRUE(each.add(*store_));
  }
  ASSERT_TRUE(store_->add_key(full_key("other", "taken")));
  ASSERT_TRUE(store_->add_account(full_account("other", "taken")));
  ASSERT_TRUE(store_->add_group(full_group("other", "taken")));
  for (const auto& each : records) {
    SCOPED_TRACE(each.what);
    const auto read = each.updated_at(*store_);
    const auto refused = each.update(*store_, "taken", read);
    EXPECT_EQ(code_of(refused), error_code::conflict);
    EXPECT_NE(refused.error().text.find("with this name"), std::string::npos);
    EXPECT_EQ(each.updated_at(*store_), read);
  }
}

}  // namespace
}  // namespace baton::storage
