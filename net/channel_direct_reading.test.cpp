// Reading past the input buffer, and what happens to a read that is already running when the buffer
// changes under it: a client that sends the next request early makes all of this happen.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "net/test_loop.test.hpp"

namespace baton::net {
namespace {

struct ignoring final : channel::watcher {
  void on_idle_input(io_status) override {}
};

task<void> note_read_into(channel& bytes, std::span<char> target, std::optional<io_status>& outcome,
                          std::size_t& received) {
  auto reading = bytes.read_into(target);
  outcome = co_await reading;
  received = reading.received;
}

class channel_direct_reading : public ::testing::Test {
 protected:
  static constexpr std::size_t buffer_bytes = 32;

  std::string read_into(std::size_t size) {
    std::string target(size, '?');
    std::optional<io_status> outcome;
    std::size_t received = 0;
    auto reading = note_read_into(*bytes_, target, outcome, received);
    reading.start();
    EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
    EXPECT_EQ(outcome, io_status::ok);
    return target.substr(0, received);
  }
  void await_input(std::size_t size) {
    EXPECT_TRUE(loop_.run_until([&] { return bytes_->input().size() == size; }));
  }

  test_loop loop_;
  socket_pair sockets_{loop_};
  channel_ptr bytes_ = make_plain_channel(loop_, std::move(sockets_.near), buffer_bytes);
  ignoring observer_;
};

TEST_F(channel_direct_reading, bytes_go_to_their_target_and_not_into_the_input) {
  send(sockets_.far, "straight");
  EXPECT_EQ(read_into(100), "straight");
  EXPECT_EQ(bytes_->input(), "");
}

TEST_F(channel_direct_reading, a_running_watch_gives_its_bytes_to_the_target) {
  bytes_->watch(observer_);
  send(sockets_.far, "for the body");
  EXPECT_EQ(read_into(100), "for the body");
  EXPECT_EQ(bytes_->input(), "");
}

TEST_F(channel_direct_reading, what_a_watch_brings_beyond_the_target_stays_in_the_input) {
  bytes_->watch(observer_);
  send(sockets_.far, "head");
  await_input(4);
  send(sockets_.far, "body,next");
  EXPECT_EQ(read_into(4), "body");
  EXPECT_EQ(bytes_->input(), "head,next");
}

TEST_F(channel_direct_reading, the_input_may_be_cut_while_a_read_runs) {
  bytes_->watch(observer_);
  send(sockets_.far, "head,early");
  await_input(10);
  bytes_->cut(5, 5);
  send(sockets_.far, "late");
  await_input(9);
  EXPECT_EQ(bytes_->input(), "head,late");
}

TEST_F(channel_direct_reading, the_buffer_may_grow_while_a_read_runs) {
  bytes_->watch(observer_);
  send(sockets_.far, "0123456789");
  await_input(10);
  bytes_->reserve(100);
  bytes_->reserve(200);
  send(sockets_.far, "abcdefghij");
  await_input(20);
  EXPECT_EQ(bytes_->input(), "0123456789abcdefghij");
  send(sockets_.far, std::string(150, 'x'));
  await_input(170);
  EXPECT_EQ(bytes_->input(), "0123456789abcdefghij" + std::string(150, 'x'));
}

// The kernel would otherwise write into memory that is somebody else's by then.
TEST_F(channel_direct_reading, destroying_the_reader_closes_the_channel) {
  auto target = std::make_unique<std::array<char, 64>>();
  std::optional<io_status> outcome;
  std::size_t received = 0;
  auto reading = note_read_into(*bytes_, *target, outcome, received);
  reading.start();
  reading.reset();
  target.reset();
  boost::system::error_code ignored;
  asio::write(sockets_.far, asio::buffer("into the void"), ignored);
  loop_.run_ready();
  EXPECT_FALSE(bytes_->is_open());
  EXPECT_EQ(outcome, std::nullopt);
}

TEST_F(channel_direct_reading, the_peers_end_is_told) {
  sockets_.far.close();
  std::array<char, 8> target{};
  std::optional<io_status> outcome;
  std::size_t received = 0;
  auto reading = note_read_into(*bytes_, target, outcome, received);
  reading.start();
  EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome, io_status::end);
  EXPECT_EQ(received, 0u);
}

}  // namespace
}  // namespace baton::net
