#include "net/connection_guard.hpp"

#include <gtest/gtest.h>

#include "net/test_loop.test.hpp"

namespace baton::net {
namespace {

using std::chrono::milliseconds;

class guarding : public ::testing::Test {
 protected:
  guarding() { deadlines_.start(); }

  test_loop loop_;
  deadline_sweep deadlines_{loop_};
  socket_pair client_sockets_{loop_};
  socket_pair upstream_sockets_{loop_};
  channel_ptr client_ = make_plain_channel(loop_, std::move(client_sockets_.near), 64);
  channel_ptr upstream_ = make_plain_channel(loop_, std::move(upstream_sockets_.near), 64);
  connection_guard guard_{*client_, deadlines_};
};

TEST_F(guarding, a_limit_that_passes_closes_its_channel) {
  guard_.limit(*upstream_, milliseconds(0));
  std::optional<io_status> outcome;
  auto reading = note_more(*upstream_, outcome);
  reading.start();
  EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome, io_status::timed_out);
  EXPECT_TRUE(client_->is_open());
}

TEST_F(guarding, a_limit_that_is_lifted_closes_nothing) {
  guard_.limit(*upstream_, milliseconds(0));
  guard_.lift();
  EXPECT_FALSE(loop_.run_until([&] { return !upstream_->is_open(); }, milliseconds(400)));
}

TEST_F(guarding, the_newest_limit_is_in_force) {
  guard_.limit(*upstream_, milliseconds(0));
  guard_.limit(*client_, milliseconds(1));
  EXPECT_TRUE(loop_.run_until([&] { return !client_->is_open(); }));
  EXPECT_TRUE(upstream_->is_open());
}

TEST_F(guarding, a_client_that_leaves_takes_its_upstream_with_it) {
  guard_.serve_with(upstream_.get());
  client_sockets_.far.close();
  EXPECT_TRUE(loop_.run_until([&] { return guard_.client_gone(); }));
  EXPECT_FALSE(upstream_->is_open());
}

TEST_F(guarding, a_client_that_leaves_before_there_is_an_upstream_is_noticed) {
  guard_.serve_with(nullptr);
  client_sockets_.far.close();
  EXPECT_TRUE(loop_.run_until([&] { return guard_.client_gone(); }));
  EXPECT_TRUE(upstream_->is_open());
}

TEST_F(guarding, a_client_that_sends_its_next_request_early_has_not_left) {
  guard_.serve_with(upstream_.get());
  send(client_sockets_.far, "GET / HTTP/1.1\r\n");
  EXPECT_TRUE(loop_.run_until([&] { return !client_->input().empty(); }));
  EXPECT_FALSE(guard_.client_gone());
  EXPECT_TRUE(upstream_->is_open());
  client_sockets_.far.close();
  EXPECT_TRUE(loop_.run_until([&] { return guard_.client_gone(); }));
}

TEST_F(guarding, between_requests_the_session_itself_sees_the_client_leave) {
  guard_.serve_with(upstream_.get());
  guard_.end_service();
  client_sockets_.far.close();
  std::optional<io_status> outcome;
  auto reading = note_more(*client_, outcome);
  reading.start();
  EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome, io_status::end);
  EXPECT_FALSE(guard_.client_gone());
  EXPECT_TRUE(upstream_->is_open());
}

TEST_F(guarding, an_exchange_that_is_called_off_reads_no_more_but_keeps_its_client) {
  guard_.serve_with(upstream_.get());
  std::optional<io_status> outcome;
  auto reading = note_more(*upstream_, outcome);
  reading.start();
  guard_.call_off();
  EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome, io_status::timed_out);
  EXPECT_TRUE(guard_.past_end());
  EXPECT_FALSE(guard_.client_gone());
  EXPECT_TRUE(client_->is_open());
}

TEST_F(guarding, an_exchange_that_is_called_off_ends_its_wait) {
  int abandoned = 0;
  guard_.wait_with([&] { ++abandoned; });
  guard_.call_off();
  guard_.call_off();
  EXPECT_EQ(abandoned, 1);
}

TEST_F(guarding, an_exchange_that_was_called_off_serves_with_nobody) {
  guard_.call_off();
  guard_.serve_with(upstream_.get());
  EXPECT_FALSE(upstream_->is_open());
}

TEST_F(guarding, the_next_exchange_is_not_called_off) {
  guard_.call_off();
  guard_.end_service();
  EXPECT_FALSE(guard_.called_off());
  EXPECT_FALSE(guard_.past_end());
}

}  // namespace
}  // namespace baton::net
