#include "relay/header_rules.hpp"

#include <gtest/gtest.h>

#include <string>

namespace baton::relay {
namespace {

std::string upper(std::string_view name) {
  std::string changed(name);
  for (char& c : changed) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return changed;
}

TEST(header_rules, keep_from_the_upstream_what_is_not_its_business) {
  for (const std::string_view name : {"connection",
                                      "keep-alive",
                                      "proxy-connection",
                                      "proxy-authorization",
                                      "te",
                                      "trailer",
                                      "transfer-encoding",
                                      "upgrade",
                                      "expect",
                                      "host",
                                      "content-length",
                                      "accept-encoding",
                                      "authorization",
                                      "x-api-key",
                                      "api-key",
                                      "x-goog-api-key",
                                      "x-cr-api-key",
                                      "cookie",
                                      "x-forwarded-for",
                                      "x-forwarded-proto",
                                      "x-forwarded-host",
                                      "forwarded",
                                      "x-real-ip",
                                      "x-client-ip",
                                      "cf-connecting-ip",
                                      "cf-ray",
                                      "cdn-loop",
                                      "true-client-ip",
                                      "x-accel-buffering",
                                      "via"}) {
    EXPECT_FALSE(passes_to_upstream(name)) << name;
    EXPECT_FALSE(passes_to_upstream(upper(name))) << name;
  }
}

TEST(header_rules, pass_to_the_upstream_what_clients_send) {
  for (const std::string_view name : {"accept",
                                      "anthropic-version",
                                      "anthropic-beta",
                                      "content-type",
                                      "user-agent",
                                      "x-app",
                                      "x-stainless-retry-count",
                                      "x-claude-code-session-id",
                                      "accept-language",
                                      "openai-beta",
                                      "anthropic-dangerous-direct-browser-access",
                                      "x-codex-turn-metadata",
                                      "session-id",
                                      "content-encoding",
                                      "x-request-id",
                                      "",
                                      "x",
                                      "c",
                                      "p",
                                      "cf",
                                      "proxy",
                                      "x-forwarded",
                                      "hosts",
                                      "apikey",
                                      "x-api-keys",
                                      "tE2"}) {
    EXPECT_TRUE(passes_to_upstream(name)) << name;
  }
}

TEST(header_rules, keep_from_the_client_what_concerns_the_upstream_connection) {
  for (const std::string_view name :
       {"connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding",
        "upgrade", "content-length", "set-cookie", "set-cookie2", "alt-svc",
        "strict-transport-security"}) {
    EXPECT_FALSE(passes_to_client(name)) << name;
    EXPECT_FALSE(passes_to_client(upper(name))) << name;
  }
}

TEST(header_rules, pass_the_upstreams_own_headers_to_the_client) {
  for (const std::string_view name :
       {"content-type", "content-encoding", "retry-after", "request-id", "date", "server",
        "anthropic-ratelimit-unified-reset", "x-should-retry", "cf-ray", "via", "cache-control",
        "x-accel-buffering", "", "content-length2"}) {
    EXPECT_TRUE(passes_to_client(name)) << name;
  }
}

}  // namespace
}  // namespace baton::relay
