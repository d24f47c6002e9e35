#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "net/test_loop.test.hpp"

namespace baton::net {
namespace {

class channel_reading : public ::testing::Test {
 protected:
  static constexpr std::size_t buffer_bytes = 16;

  io_status more() {
    std::optional<io_status> outcome;
    auto reading = note_more(*bytes_, outcome);
    reading.start();
    EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
    return outcome.value_or(io_status::failed);
  }
  // Reads until so much is there.
  void await_input(std::size_t size) {
    while (bytes_->input().size() < size) ASSERT_EQ(more(), io_status::ok);
  }

  test_loop loop_;
  socket_pair sockets_{loop_};
  channel_ptr bytes_ = make_plain_channel(loop_, std::move(sockets_.near), buffer_bytes);
};

struct watching final : channel::watcher {
  void on_idle_input(io_status status) override { seen.push_back(status); }
  std::vector<io_status> seen;
};

TEST_F(channel_reading, more_adds_what_arrives_to_the_input) {
  send(sockets_.far, "hello");
  EXPECT_EQ(more(), io_status::ok);
  EXPECT_EQ(bytes_->input(), "hello");
  send(sockets_.far, " you");
  EXPECT_EQ(more(), io_status::ok);
  EXPECT_EQ(bytes_->input(), "hello you");
  bytes_->consume(6);
  EXPECT_EQ(bytes_->input(), "you");
}

TEST_F(channel_reading, more_makes_room_by_moving_what_is_unread) {
  send(sockets_.far, "0123456789abcdefghij");
  await_input(16);
  EXPECT_EQ(bytes_->input(), "0123456789abcdef");
  bytes_->consume(10);
  EXPECT_EQ(more(), io_status::ok);
  EXPECT_EQ(bytes_->input(), "abcdefghij");
}

TEST_F(channel_reading, more_fails_at_once_without_room) {
  send(sockets_.far, "0123456789abcdefghij");
  await_input(16);
  EXPECT_EQ(more(), io_status::failed);
  bytes_->reserve(32);
  EXPECT_EQ(more(), io_status::ok);
  EXPECT_EQ(bytes_->input(), "0123456789abcdefghij");
}

TEST_F(channel_reading, more_tells_the_peers_end_again_and_again) {
  send(sockets_.far, "bye");
  sockets_.far.close();
  EXPECT_EQ(more(), io_status::ok);
  EXPECT_EQ(bytes_->input(), "bye");
  EXPECT_EQ(more(), io_status::end);
  EXPECT_EQ(more(), io_status::end);
  EXPECT_TRUE(bytes_->is_open());
}

TEST_F(channel_reading, more_tells_a_reset_apart_from_an_end) {
  sockets_.far.set_option(asio::socket_base::linger(true, 0));
  sockets_.far.close();
  EXPECT_EQ(more(), io_status::failed);
}

TEST_F(channel_reading, cut_takes_bytes_out_of_the_middle) {
  send(sockets_.far, "head,body,rest");
  await_input(14);
  bytes_->cut(4, 5);
  EXPECT_EQ(bytes_->input(), "head,rest");
}

TEST_F(channel_reading, bytes_behind_the_input_may_be_read) {
  send(sockets_.far, "0123456789abcdef");
  await_input(16);
  EXPECT_GE(bytes_->slack_bytes(), 64u);
  bytes_->reserve(100);
  EXPECT_GE(bytes_->slack_bytes(), 64u);
}

TEST_F(channel_reading, close_ends_what_is_awaited_with_its_reason) {
  std::optional<io_status> outcome;
  auto reading = note_more(*bytes_, outcome);
  reading.start();
  bytes_->close(io_status::timed_out);
  EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome, io_status::timed_out);
  EXPECT_EQ(more(), io_status::timed_out);
  bytes_->close(io_status::closed);  // the first reason stays
  EXPECT_EQ(more(), io_status::timed_out);
  EXPECT_EQ(end_at(sockets_.far), asio::error::eof);
}

TEST_F(channel_reading, abort_resets_the_connection) {
  std::optional<io_status> outcome;
  auto reading = note_more(*bytes_, outcome);
  reading.start();
  bytes_->abort();
  EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome, io_status::closed);
  EXPECT_EQ(end_at(sockets_.far), asio::error::connection_reset);
}

TEST_F(channel_reading, a_destroyed_reader_leaves_its_bytes_to_the_next_one) {
  std::optional<io_status> outcome;
  auto reading = note_more(*bytes_, outcome);
  reading.start();
  reading.reset();
  send(sockets_.far, "late");
  EXPECT_TRUE(loop_.run_until([&] { return !bytes_->input().empty(); }));
  EXPECT_EQ(outcome, std::nullopt);
  EXPECT_EQ(bytes_->input(), "late");
  send(sockets_.far, "!");
  EXPECT_EQ(more(), io_status::ok);
  EXPECT_EQ(bytes_->input(), "late!");
}

TEST_F(channel_reading, the_channel_lives_until_its_last_operation_has_ended) {
  std::optional<io_status> outcome;
  auto reading = note_more(*bytes_, outcome);
  reading.start();
  reading.reset();
  bytes_->close(io_status::closed);
  bytes_.reset();
  loop_.run_ready();
  EXPECT_EQ(outcome, std::nullopt);
}

TEST_F(channel_reading, a_watcher_is_told_of_bytes_and_of_the_end) {
  watching observer;
  bytes_->watch(observer);
  send(sockets_.far, "early");
  EXPECT_TRUE(loop_.run_until([&] { return observer.seen.size() == 1; }));
  EXPECT_EQ(bytes_->input(), "early");
  sockets_.far.close();
  EXPECT_TRUE(loop_.run_until([&] { return observer.seen.size() == 2; }));
  EXPECT_EQ(observer.seen, (std::vector{io_status::ok, io_status::end}));
}

TEST_F(channel_reading, more_joins_the_watch) {
  watching observer;
  bytes_->watch(observer);
  std::optional<io_status> outcome;
  auto reading = note_more(*bytes_, outcome);
  reading.start();
  send(sockets_.far, "mine");
  EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome, io_status::ok);
  EXPECT_EQ(bytes_->input(), "mine");
  EXPECT_TRUE(observer.seen.empty());
}

TEST_F(channel_reading, a_watch_that_was_ended_tells_nothing) {
  watching observer;
  bytes_->watch(observer);
  bytes_->unwatch();
  send(sockets_.far, "next");
  EXPECT_TRUE(loop_.run_until([&] { return !bytes_->input().empty(); }));
  EXPECT_TRUE(observer.seen.empty());
}

TEST_F(channel_reading, a_full_buffer_ends_the_watch_without_losing_a_byte) {
  watching observer;
  bytes_->watch(observer);
  send(sockets_.far, "0123456789abcdefghij");
  EXPECT_TRUE(loop_.run_until([&] { return bytes_->input().size() == buffer_bytes; }));
  bytes_->unwatch();
  bytes_->consume(16);
  EXPECT_EQ(more(), io_status::ok);
  EXPECT_EQ(bytes_->input(), "ghij");
}

}  // namespace
}  // namespace baton::net
