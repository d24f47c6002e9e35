#include "admin/catalogue.hpp"

#include "admin/api_fixture.test.hpp"

namespace baton::admin {
namespace {

using catalogue_test = api_test;

TEST_F(catalogue_test, what_is_kept_is_what_is_stored) {
  catalogue known(*store_);
  EXPECT_TRUE(known.keys().value()->empty());
  const auto* const kept = known.keys().value();
  make_key({{"name", "a"}});
  EXPECT_EQ(known.keys().value()->size(), 1u);
  EXPECT_EQ(known.keys().value(), kept) << "in the same place";
  auto elsewhere =
      storage::open_sqlite_store(folder_.path() / "baton.db", crypto::key_256{}).value();
  auto key = elsewhere->find_key("a").value();
  key.description = "changed by another process";
  elsewhere->update_key(key).value();
  EXPECT_EQ(known.keys().value()->front().description, "changed by another process");
  make_account("x");
  EXPECT_EQ(known.accounts().value()->size(), 1u);
}

}  // namespace
}  // namespace baton::admin
