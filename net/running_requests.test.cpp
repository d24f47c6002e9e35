#include "net/running_requests.hpp"

#include "net/exchange_fixture.test.hpp"

namespace baton::net {
namespace {

relay::api_key known_key() {
  relay::api_key key;
  key.hash = "hash";
  return key;
}

class running : public exchange_test {
 protected:
  exchange& request() {
    auto& ex = begin("POST /v1/messages HTTP/1.1\r\nhost: h\r\n\r\n");
    ex.record.key = std::make_shared<const relay::api_key>(known_key());
    return ex;
  }
  bool is_ended_by(std::vector<relay::api_key> keys) {
    requests_.end_without(relay::key_directory(std::move(keys)));
    return guard_->called_off();
  }

  running_requests requests_;
};

TEST_F(running, requests_go_on_while_their_key_is_there) {
  const running_requests::entry entry(requests_, request());
  auto changed = known_key();
  changed.name = "another name";
  EXPECT_FALSE(is_ended_by({changed}));
}

TEST_F(running, requests_end_when_their_key_is_switched_off) {
  const running_requests::entry entry(requests_, request());
  auto changed = known_key();
  changed.is_active = false;
  EXPECT_TRUE(is_ended_by({changed}));
}

TEST_F(running, requests_end_when_their_key_is_gone) {
  const running_requests::entry entry(requests_, request());
  EXPECT_TRUE(is_ended_by({}));
}

TEST_F(running, requests_go_on_when_their_key_expires) {
  const running_requests::entry entry(requests_, request());
  auto changed = known_key();
  changed.expires_at = wall_now() - std::chrono::hours(1);
  EXPECT_FALSE(is_ended_by({changed}));
}

TEST_F(running, requests_that_have_ended_are_none_any_more) {
  auto& ex = request();
  { const running_requests::entry entry(requests_, ex); }
  EXPECT_FALSE(is_ended_by({}));
}

TEST_F(running, requests_whose_record_has_been_given_away_are_left_alone) {
  auto& ex = request();
  const running_requests::entry entry(requests_, ex);
  port_.record(std::move(ex.record));
  EXPECT_FALSE(is_ended_by({}));
}

}  // namespace
}  // namespace baton::net
