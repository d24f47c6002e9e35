#include "admin/token_secret.hpp"

#include <gtest/gtest.h>

#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::admin {
namespace {

class token_secret : public ::testing::Test {
 protected:
  test_support::temp_dir folder_;
  crypto::key_256 key_{1, 2, 3};
  std::unique_ptr<storage::store> store_ =
      std::move(storage::open_sqlite_store(folder_ / "baton.db", key_).value());
};

TEST_F(token_secret, is_made_once) {
  const auto made = ensure_token_secret(*store_, key_).value();
  EXPECT_EQ(made.size(), 64u);
  EXPECT_EQ(ensure_token_secret(*store_, key_).value(), made);
}

TEST_F(token_secret, is_stored_sealed) {
  const auto made = ensure_token_secret(*store_, key_).value();
  const auto stored = store_->setting("admin.jwt_secret").value().value();
  EXPECT_TRUE(stored.starts_with("v1:"));
  EXPECT_EQ(stored.find(made), std::string::npos);
}

TEST_F(token_secret, sealed_with_another_key_is_an_error) {
  ASSERT_TRUE(ensure_token_secret(*store_, key_));
  EXPECT_EQ(ensure_token_secret(*store_, crypto::key_256{9}).error().code,
            error_code::storage_failed);
}

}  // namespace
}  // namespace baton::admin
