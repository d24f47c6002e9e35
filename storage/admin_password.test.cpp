#include "storage/admin_password.hpp"

#include <gtest/gtest.h>

#include <set>

#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::storage {
namespace {

class admin_password : public ::testing::Test {
 protected:
  test_support::temp_dir folder_;
  std::unique_ptr<store> store_ =
      std::move(open_sqlite_store(folder_ / "baton.db", crypto::key_256{}).value());
};

TEST_F(admin_password, is_made_once_and_works) {
  const auto made = ensure_admin(*store_, "admin", std::nullopt).value();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->size(), 24u);
  EXPECT_EQ(made->find_first_not_of("abcdefghijkmnpqrstuvwxyz23456789"), std::string::npos);
  EXPECT_TRUE(verify_admin(*store_, "admin", *made).value());

  EXPECT_EQ(ensure_admin(*store_, "admin", std::nullopt).value(), std::nullopt);
  EXPECT_EQ(ensure_admin(*store_, "other", "other password").value(), std::nullopt);
  EXPECT_TRUE(verify_admin(*store_, "admin", *made).value());
}

TEST_F(admin_password, can_be_chosen_and_is_not_given_back) {
  EXPECT_EQ(ensure_admin(*store_, "me", "chosen password").value(), std::nullopt);
  EXPECT_TRUE(verify_admin(*store_, "me", "chosen password").value());
}

TEST_F(admin_password, is_stored_as_an_argon2id_hash_only) {
  ASSERT_TRUE(ensure_admin(*store_, "me", "chosen password"));
  const auto hash = store_->setting("admin_password_hash").value().value();
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_EQ(hash.find("chosen"), std::string::npos);
  EXPECT_EQ(store_->setting("admin_username").value(), "me");
}

TEST_F(admin_password, differs_from_every_other_text) {
  ASSERT_TRUE(ensure_admin(*store_, "me", "chosen password"));
  const std::string with_nul("chosen password\0", 16);
  for (const auto& wrong : {std::string(), std::string("chosen passwor"), with_nul,
                            std::string("Chosen password"), std::string(100'000, 'x')}) {
    EXPECT_FALSE(verify_admin(*store_, "me", wrong).value());
  }
  EXPECT_FALSE(verify_admin(*store_, "you", "chosen password").value());
  EXPECT_FALSE(verify_admin(*store_, "", "chosen password").value());
}

TEST_F(admin_password, can_be_changed) {
  ASSERT_TRUE(ensure_admin(*store_, "me", "chosen password"));
  ASSERT_TRUE(set_admin(*store_, "you", "another password"));
  EXPECT_TRUE(verify_admin(*store_, "you", "another password").value());
  EXPECT_FALSE(verify_admin(*store_, "me", "chosen password").value());
}

TEST_F(admin_password, has_another_generation_each_time_it_is_set) {
  EXPECT_FALSE(find_admin(*store_).value());
  std::set<std::string> generations;
  for (const auto* username : {"me", "me", "you"}) {
    ASSERT_TRUE(set_admin(*store_, username, "chosen password"));
    const auto admin = find_admin(*store_).value().value();
    EXPECT_EQ(admin.username, username);
    EXPECT_EQ(admin.generation.size(), 32u);
    EXPECT_EQ(find_admin(*store_).value()->generation, admin.generation);
    generations.insert(admin.generation);
  }
  EXPECT_EQ(generations.size(), 3u);
}

TEST_F(admin_password, can_be_made) {
  const auto made = generate_password().value();
  EXPECT_EQ(made.size(), 24u);
  EXPECT_NE(generate_password().value(), made);
}

TEST_F(admin_password, of_nobody_fits_nothing) {
  EXPECT_FALSE(verify_admin(*store_, "admin", "").value());
  EXPECT_FALSE(verify_admin(*store_, "", "").value());
}

TEST_F(admin_password, that_is_empty_or_endless_is_refused) {
  for (const auto& password : {std::string(), std::string(1025, 'x')}) {
    EXPECT_EQ(ensure_admin(*store_, "me", password).error().code, error_code::invalid_argument);
    EXPECT_EQ(set_admin(*store_, "me", password).error().code, error_code::invalid_argument);
  }
  EXPECT_EQ(store_->setting("admin_password_hash").value(), std::nullopt);
}

TEST_F(admin_password, a_damaged_hash_is_an_error_and_lets_nobody_in) {
  ASSERT_TRUE(ensure_admin(*store_, "me", "chosen password"));
  ASSERT_TRUE(store_->put_setting("admin_password_hash", "$argon2id$nonsense"));
  EXPECT_FALSE(verify_admin(*store_, "me", "chosen password"));
}

}  // namespace
}  // namespace baton::storage
