#include "relay/session_key.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

TEST(session_key, is_the_same_in_one_piece_and_in_several) {
  const auto whole = make_session_key("key-1", "content:", "abcd");
  EXPECT_EQ(make_session_key("key-1", "content:", {"abcd"}), whole);
  EXPECT_EQ(make_session_key("key-1", "content:", {"ab", "", "c", "d"}), whole);
  EXPECT_NE(make_session_key("key-1", "content:", {"ab", "c"}), whole);
}

TEST(session_key, tells_scopes_kinds_and_identifiers_apart) {
  const auto key = make_session_key("key-1", "session:", "a");
  EXPECT_TRUE(key);
  EXPECT_NE(make_session_key("key-2", "session:", "a"), key);
  EXPECT_NE(make_session_key("key-1", "content:", "a"), key);
  EXPECT_NE(make_session_key("key-1", "session:", "b"), key);
}

}  // namespace
}  // namespace baton::relay
