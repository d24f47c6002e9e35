// The audit log and ended logins.
#include "storage/store_contract.test.hpp"

namespace baton::storage {
namespace {

audit_entry entry_of(const std::string& actor, const std::string& action, wall_time at) {
  audit_entry entry;
  entry.at = at;
  entry.actor = actor;
  entry.address = "192.0.2.7";
  entry.action = action;
  entry.object_type = action.substr(0, action.find('.'));
  entry.object_id = entry.object_type + "-1";
  entry.object_name = "it's \"one\" \xC3\xA4";
  entry.outcome = "done";
  entry.changes = R"({"priority":[50,1]})";
  return entry;
}

std::string ids_of(const audit_page& page) {
  std::string ids;
  for (const auto& entry : page.entries) ids += std::to_string(entry.id) + ' ';
  return ids + (page.more ? "..." : "");
}

std::string found(store& in, const audit_query& query) {
  return ids_of(in.audit(query).value());
}

// Entries 1 to 6, a second apart.
void add_six(store& to) {
  std::int64_t at = 0;
  for (const auto* action : {"login.try", "key.create", "key.update"}) {
    for (const auto* actor : {"admin", "cli:root"}) {
      ASSERT_TRUE(to.add_audit(entry_of(actor, action, at_ms(at += 1000))));
    }
  }
}

TEST_P(store_contract, an_audit_entry_comes_back_as_it_was_added) {
  EXPECT_EQ(found(*store_, {}), "");
  auto added = entry_of("admin", "key.update", at_ms(1'700'000'000'123));
  added.id = 77;
  ASSERT_TRUE(store_->add_audit(added));
  const auto page = place_->open()->audit({}).value();
  ASSERT_EQ(page.entries.size(), 1u);
  const auto& entry = page.entries[0];
  EXPECT_EQ(entry.id, 1) << "the store numbers them";
  EXPECT_EQ(entry.at, added.at);
  EXPECT_EQ(entry.actor, added.actor);
  EXPECT_EQ(entry.address, added.address);
  EXPECT_EQ(entry.action, added.action);
  EXPECT_EQ(entry.object_type, added.object_type);
  EXPECT_EQ(entry.object_id, added.object_id);
  EXPECT_EQ(entry.object_name, added.object_name);
  EXPECT_EQ(entry.outcome, added.outcome);
  EXPECT_EQ(entry.changes, added.changes);
}

TEST_P(store_contract, audit_pages_go_from_the_newest_to_the_oldest) {
  add_six(*store_);
  EXPECT_EQ(found(*store_, {}), "6 5 4 3 2 1 ");
  audit_query query;
  query.limit = 4;
  EXPECT_EQ(found(*store_, query), "6 5 4 3 ...");
  query.before_id = 3;
  EXPECT_EQ(found(*store_, query), "2 1 ");
  query.before_id = 1;
  EXPECT_EQ(found(*store_, query), "");
  query.before_id = 7;
  EXPECT_EQ(code_of(store_->audit(query)), error_code::invalid_argument);
}

TEST_P(store_contract, an_audit_page_is_not_disturbed_by_what_is_added_meanwhile) {
  add_six(*store_);
  audit_query query;
  query.limit = 2;
  EXPECT_EQ(found(*store_, query), "6 5 ...");
  ASSERT_TRUE(store_->add_audit(entry_of("admin", "key.delete", at_ms(7000))));
  query.before_id = 5;
  EXPECT_EQ(found(*store_, query), "4 3 ...");
}

TEST_P(store_contract, audit_entries_of_one_time_are_in_the_order_they_were_added) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(store_->add_audit(entry_of("admin", "key.create", at_ms(5))));
  }
  ASSERT_TRUE(store_->add_audit(entry_of("admin", "key.create", at_ms(1)))) << "the clock was set";
  EXPECT_EQ(found(*store_, {}), "3 2 1 4 ");
  audit_query query;
  query.before_id = 2;
  EXPECT_EQ(found(*store_, query), "1 4 ");
}

TEST_P(store_contract, audit_filters_let_pass_what_fits_all_of_them) {
  add_six(*store_);
  audit_query by_actor;
  by_actor.actors = {"admin"};
  EXPECT_EQ(found(*store_, by_actor), "5 3 1 ");
  by_actor.actors = {"cli:root", "admin", "nobody"};
  EXPECT_EQ(found(*store_, by_actor), "6 5 4 3 2 1 ");
  audit_query by_action;
  by_action.actions = {"key.update", "login.try"};
  EXPECT_EQ(found(*store_, by_action), "6 5 2 1 ");
  by_action.actors = {"admin"};
  by_action.before_id = 5;
  EXPECT_EQ(found(*store_, by_action), "1 ");
  audit_query by_object;
  by_object.object_types = {"key"};
  EXPECT_EQ(found(*store_, by_object), "6 5 4 3 ");
  by_object.object_id = "login-1";
  EXPECT_EQ(found(*store_, by_object), "");
  by_object.object_types.clear();
  EXPECT_EQ(found(*store_, by_object), "2 1 ");
}

TEST_P(store_contract, a_range_of_time_of_the_audit_includes_its_beginning_and_not_its_end) {
  add_six(*store_);
  audit_query query;
  query.from = at_ms(2000);
  EXPECT_EQ(found(*store_, query), "6 5 4 3 2 ");
  query.to = at_ms(5000);
  EXPECT_EQ(found(*store_, query), "4 3 2 ");
  query.before_id = 6;
  EXPECT_EQ(found(*store_, query), "4 3 2 ") << "the end comes first";
  query.before_id = 4;
  EXPECT_EQ(found(*store_, query), "3 2 ");
  query.to = query.from;
  EXPECT_EQ(found(*store_, query), "");
}

TEST_P(store_contract, refuses_audit_texts_that_nobody_could_read_back) {
  for (const auto text :
       {&audit_entry::actor, &audit_entry::address, &audit_entry::action, &audit_entry::object_type,
        &audit_entry::object_id, &audit_entry::object_name, &audit_entry::outcome,
        &audit_entry::changes}) {
    auto entry = entry_of("admin", "key.create", at_ms(1));
    entry.*text = "\xff";
    EXPECT_EQ(code_of(store_->add_audit(entry)), error_code::invalid_argument);
  }
  for (const auto* changes : {"", "[]", "{", "null", "{}{}"}) {
    auto entry = entry_of("admin", "key.create", at_ms(1));
    entry.changes = changes;
    EXPECT_EQ(code_of(store_->add_audit(entry)), error_code::invalid_argument) << changes;
  }
  EXPECT_EQ(found(*store_, {}), "");
}

TEST_P(store_contract, refuses_audit_filters_that_could_find_what_nobody_asked_for) {
  for (const auto& text : {std::string("\xff"), std::string("admin\0", 6)}) {
    audit_query query;
    query.object_id = text;
    EXPECT_EQ(code_of(store_->audit(query)), error_code::invalid_argument);
    for (const auto names :
         {&audit_query::actors, &audit_query::actions, &audit_query::object_types}) {
      query = {};
      query.*names = {text};
      EXPECT_EQ(code_of(store_->audit(query)), error_code::invalid_argument);
      query.*names = {"admin", text};
      EXPECT_EQ(code_of(store_->audit(query)), error_code::invalid_argument);
    }
  }
  add_six(*store_);
  for (const auto* text : {"%", "' OR 1=1 --", "admin' --", "[\"admin\"]"}) {
    audit_query query;
    query.actors = {text};
    EXPECT_EQ(found(*store_, query), "") << text;
  }
}

TEST_P(store_contract, a_login_that_was_ended_is_so_for_everybody) {
  EXPECT_FALSE(store_->ended_login("token-1").value());
  ASSERT_TRUE(store_->end_login("token-1", at_ms(5000), at_ms(1000)));
  EXPECT_TRUE(place_->open()->ended_login("token-1").value());
  EXPECT_FALSE(store_->ended_login("token-2").value());
  EXPECT_FALSE(store_->ended_login("").value());
}

TEST_P(store_contract, an_ended_login_is_forgotten_once_its_token_has_expired) {
  ASSERT_TRUE(store_->end_login("token-1", at_ms(5000), at_ms(1000)));
  ASSERT_TRUE(store_->end_login("token-2", at_ms(9000), at_ms(5000)));
  EXPECT_TRUE(store_->ended_login("token-1").value()) << "it expires at this moment";
  ASSERT_TRUE(store_->end_login("token-3", at_ms(9000), at_ms(5001)));
  EXPECT_FALSE(store_->ended_login("token-1").value());
  EXPECT_TRUE(store_->ended_login("token-2").value());
}

TEST_P(store_contract, ending_a_login_again_never_shortens_how_long_it_is_known) {
  ASSERT_TRUE(store_->end_login("token-1", at_ms(9000), at_ms(1000)));
  ASSERT_TRUE(store_->end_login("token-1", at_ms(5000), at_ms(1000)));
  ASSERT_TRUE(store_->end_login("token-2", at_ms(9000), at_ms(6000)));
  EXPECT_TRUE(store_->ended_login("token-1").value());
}

}  // namespace
}  // namespace baton::storage
