#include "relay/client_credential.hpp"

#include <gtest/gtest.h>

namespace baton::relay {
namespace {

TEST(client_credential, is_found_in_every_place_clients_put_it) {
  EXPECT_EQ(find_client_key({.x_api_key = "cr_1"}, "cr_"), "cr_1");
  EXPECT_EQ(find_client_key({.x_goog_api_key = "cr_1"}, "cr_"), "cr_1");
  EXPECT_EQ(find_client_key({.authorization = "Bearer cr_1"}, "cr_"), "cr_1");
  EXPECT_EQ(find_client_key({.authorization = "bearer  cr_1"}, "cr_"), "cr_1");
  EXPECT_EQ(find_client_key({.authorization = "cr_1"}, "cr_"), "cr_1");
  EXPECT_EQ(find_client_key({.api_key = "cr_1"}, "cr_"), "cr_1");
  EXPECT_EQ(find_client_key({.query = "beta=true&key=cr_1"}, "cr_"), "cr_1");
}

TEST(client_credential, with_the_prefix_wins_over_one_without) {
  EXPECT_EQ(find_client_key({.x_api_key = "sk-ant-x", .authorization = "Bearer cr_1"}, "cr_"),
            "cr_1");
  EXPECT_EQ(find_client_key({.x_api_key = "sk-ant-x"}, "cr_"), "sk-ant-x");
  EXPECT_EQ(find_client_key({}, "cr_"), "");
}

TEST(client_credential, is_removed_from_the_query_and_nothing_else_is) {
  EXPECT_EQ(strip_key_parameter("beta=true&key=cr_1&alt=sse"), "beta=true&alt=sse");
  EXPECT_EQ(strip_key_parameter("key=cr_1"), "");
  EXPECT_EQ(strip_key_parameter("monkey=1&beta=true"), "monkey=1&beta=true");
  EXPECT_EQ(strip_key_parameter(""), "");
}

}  // namespace
}  // namespace baton::relay
