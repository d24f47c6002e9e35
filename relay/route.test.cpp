#include "relay/route.hpp"

#include <gtest/gtest.h>

#include <string>

#include "relay/platforms/anthropic_api.hpp"

namespace baton::relay {
namespace {

void expect_route(std::string_view method, std::string_view path, operation op,
                  std::string_view upstream_path) {
  const api& protocol = op == operation::count_tokens ? anthropic_counting : anthropic_api();
  const route_match match = match_route(method, path);
  ASSERT_NE(match.found, nullptr) << path;
  EXPECT_EQ(match.found->op, op) << path;
  EXPECT_EQ(match.found->path, path);
  EXPECT_EQ(match.found->upstream_path, upstream_path) << path;
  EXPECT_FALSE(match.found->label.empty());
  EXPECT_EQ(match.protocol, &protocol);
  EXPECT_EQ(match.found->protocol, &protocol);
  EXPECT_EQ(is_relayed(op), !match.found->upstream_path.empty());

  const route_match other = match_route(method == "GET" ? "POST" : "GET", path);
  EXPECT_EQ(other.found, nullptr);
  EXPECT_EQ(other.allow, method);
  EXPECT_EQ(other.protocol, &protocol);
}

TEST(route, knows_the_messages_api_under_every_prefix) {
  for (const std::string prefix : {"", "/api", "/claude", "/api/claude", "/claude/claude"}) {
    expect_route("POST", prefix + "/v1/messages", operation::generate, "/v1/messages");
    expect_route("POST", prefix + "/v1/messages/count_tokens", operation::count_tokens,
                 "/v1/messages/count_tokens");
    expect_route("GET", prefix + "/v1/models", operation::list_models, "");
  }
}

TEST(route, knows_what_is_answered_here) {
  for (const std::string prefix : {"", "/api", "/claude"}) {
    expect_route("GET", prefix + "/v1/usage", operation::own_usage, "");
    expect_route("GET", prefix + "/v1/key-info", operation::own_key_info, "");
  }
  expect_route("POST", "/api/event_logging/batch", operation::event_logging, "");
  expect_route("POST", "/api/api/event_logging/batch", operation::event_logging, "");
  expect_route("GET", "/health", operation::health, "");
  expect_route("GET", "/health/ready", operation::ready, "");
  expect_route("GET", "/metrics", operation::metrics, "");
}

TEST(route, refuses_other_paths) {
  for (const std::string_view path :
       {"", "/", "/v1", "/v1/messages/", "//v1/messages", "/v1/messages?beta=true", "/V1/messages",
        "/v1/messagez", "/v1/messages/count_token", "/health/", "/healthy", "*",
        "/api/v1/event_logging/batch"}) {
    const route_match match = match_route("POST", path);
    EXPECT_EQ(match.found, nullptr) << path;
    EXPECT_TRUE(match.allow.empty()) << path;
    EXPECT_NE(match.protocol, nullptr);
  }
  EXPECT_EQ(match_route("GET", std::string(100'000, '/')).found, nullptr);
}

TEST(route, takes_methods_exactly) {
  for (const std::string_view method : {"HEAD", "OPTIONS", "PUT", "get", "", "GETT"}) {
    const route_match match = match_route(method, "/health");
    EXPECT_EQ(match.found, nullptr) << method;
    EXPECT_EQ(match.allow, "GET") << method;
  }
}

}  // namespace
}  // namespace baton::relay
