// A key whose life begins with its first use, as one worker sees it before the directory does.
#include <gtest/gtest.h>

#include <string>

#include "net/exchange_fixture.test.hpp"
#include "net/request_handler.hpp"

namespace baton::net {
namespace {

constexpr std::string_view key_text = "cr_0123456789abcdef";

class first_use : public exchange_test {
 protected:
  void SetUp() override {
    key_.id = key_id("k");
    key_.hash = relay::hash_key_text(key_text, worker_.settings.encryption_key);
    key_.activation = std::chrono::hours(1);
  }
  actors::worker_view& view() { return worker_.context().view; }

  std::string send() {
    view().keys = std::make_shared<const relay::key_directory>(std::vector{key_});
    auto& ex = begin("GET /v1/key-info HTTP/1.1\r\nHost: r\r\nX-Api-Key: " + std::string(key_text) +
                     "\r\n\r\n");
    run(handle_request(ex, *parser_));
    return at_client().substr(0, 12);
  }
  void used_before(std::chrono::seconds ago, std::chrono::seconds tell_again_in) {
    view().first_uses[key_.hash] = {wall_now() - ago, steady_now() + tell_again_in};
  }

  relay::api_key key_;
};

TEST_F(first_use, is_told_once) {
  EXPECT_EQ(send(), "HTTP/1.1 200");
  ASSERT_EQ(port_.first_uses.size(), 1u);
  EXPECT_EQ(port_.first_uses[0], key_.id);
  EXPECT_EQ(view().first_uses.size(), 1u);
}

TEST_F(first_use, is_not_told_again_while_the_store_may_be_busy_with_it) {
  used_before(std::chrono::seconds(1), std::chrono::seconds(60));
  EXPECT_EQ(send(), "HTTP/1.1 200");
  EXPECT_TRUE(port_.first_uses.empty());
}

TEST_F(first_use, is_told_again_as_it_was_when_the_store_does_not_show_it) {
  used_before(std::chrono::seconds(30), std::chrono::seconds(-1));
  const auto when = view().first_uses.at(key_.hash).when;
  EXPECT_EQ(send(), "HTTP/1.1 200");
  EXPECT_EQ(port_.first_uses.size(), 1u);
  EXPECT_EQ(view().first_uses.at(key_.hash).when, when);
}

TEST_F(first_use, counts_though_the_store_has_never_heard_of_it) {
  used_before(std::chrono::hours(1), std::chrono::seconds(-1));
  EXPECT_EQ(send(), "HTTP/1.1 401");
}

TEST_F(first_use, is_nothing_to_a_key_that_has_been_used_or_does_not_live_from_it) {
  key_.activated_at = wall_now();
  key_.expires_at = wall_now() + std::chrono::hours(1);
  EXPECT_EQ(send(), "HTTP/1.1 200");
  EXPECT_TRUE(port_.first_uses.empty());
  EXPECT_TRUE(view().first_uses.empty());
}

}  // namespace
}  // namespace baton::net
