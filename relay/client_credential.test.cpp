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
  EXPECT_EQ(find_client_key({.query = "monkey=x&%6Bey=cr_1"}, "cr_"), "cr_1");
  EXPECT_EQ(find_client_key({.query = "key=&$key=cr_1"}, "cr_"), "cr_1");
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

TEST(client_credential, is_removed_however_it_is_written) {
  for (const std::string name :
       {"key", "%6bey", "KEY", "$key", "%24k%65y", "api-key", "api_key", "apiKey", "access_token",
        "oauth_token", "subscription-key", "Subscription%2DKey", "$access_token"}) {
    EXPECT_EQ(strip_key_parameter("a=1&" + name + "=bogus&b=2"), "a=1&b=2") << name;
    EXPECT_EQ(strip_key_parameter(name), "") << name;
  }
  EXPECT_EQ(strip_key_parameter("keys=1&api=2&%6b=3&token=4"), "keys=1&api=2&%6b=3&token=4");
}

}  // namespace
}  // namespace baton::relay
