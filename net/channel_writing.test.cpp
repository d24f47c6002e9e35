#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "net/test_loop.test.hpp"

namespace baton::net {
namespace {

class channel_writing : public ::testing::Test {
 protected:
  channel_writing() {
    sockets_.shrink_buffers();
    bytes_ = make_plain_channel(loop_, std::move(sockets_.near), 64);
  }

  // Reads at the peer until the write is done or `limit` bytes have come.
  std::string drain(const std::optional<io_status>& outcome) {
    std::string all;
    EXPECT_TRUE(loop_.run_until([&] {
      all += received_at(sockets_.far);
      return outcome.has_value();
    }));
    return all + received_at(sockets_.far);
  }

  test_loop loop_;
  socket_pair sockets_{loop_};
  channel_ptr bytes_;
};

std::string numbered(std::size_t bytes) {
  std::string text;
  for (int n = 0; text.size() < bytes; ++n) text += std::to_string(n) + ' ';
  return text;
}

TEST_F(channel_writing, what_fits_is_sent_at_once) {
  std::optional<io_status> outcome;
  auto writing = note_write(*bytes_, "hello", outcome);
  writing.start();
  EXPECT_EQ(outcome, io_status::ok);
  EXPECT_EQ(received_at(sockets_.far), "hello");
}

task<void> write_three(channel& bytes, std::string_view a, std::string_view b, std::string_view c,
                       std::optional<io_status>& outcome) {
  const std::array<asio::const_buffer, 3> buffers = {asio::buffer(a), asio::buffer(b),
                                                     asio::buffer(c)};
  outcome = co_await bytes.write(buffers);
}

TEST_F(channel_writing, a_slow_peer_gets_every_byte_of_every_buffer_in_order) {
  const auto first = numbered(300'000);
  const auto second = std::string("-");
  const auto third = numbered(500'000);
  std::optional<io_status> outcome;
  auto writing = write_three(*bytes_, first, second, third, outcome);
  writing.start();
  EXPECT_EQ(outcome, std::nullopt);
  EXPECT_TRUE(drain(outcome) == first + second + third);
  EXPECT_EQ(outcome, io_status::ok);
}

TEST_F(channel_writing, nothing_to_write_is_done_at_once) {
  std::optional<io_status> outcome;
  auto writing = note_write(*bytes_, "", outcome);
  writing.start();
  EXPECT_EQ(outcome, io_status::ok);
}

TEST_F(channel_writing, close_ends_a_write_that_waits) {
  const auto text = numbered(4'000'000);
  std::optional<io_status> outcome;
  auto writing = note_write(*bytes_, text, outcome);
  writing.start();
  ASSERT_EQ(outcome, std::nullopt);
  bytes_->close(io_status::timed_out);
  EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome, io_status::timed_out);
}

TEST_F(channel_writing, a_peer_that_resets_fails_a_write_that_waits) {
  const auto text = numbered(4'000'000);
  std::optional<io_status> outcome;
  auto writing = note_write(*bytes_, text, outcome);
  writing.start();
  ASSERT_EQ(outcome, std::nullopt);
  sockets_.far.set_option(asio::socket_base::linger(true, 0));
  sockets_.far.close();
  EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome, io_status::failed);
}

TEST_F(channel_writing, nothing_can_be_written_to_a_closed_channel) {
  bytes_->close(io_status::closed);
  std::optional<io_status> outcome;
  auto writing = note_write(*bytes_, "hello", outcome);
  writing.start();
  EXPECT_EQ(outcome, io_status::closed);
}

// What it would still send lies in memory that goes with it, and half a message helps nobody.
TEST_F(channel_writing, destroying_the_writer_closes_the_channel) {
  auto text = std::make_unique<std::string>(numbered(4'000'000));
  std::optional<io_status> outcome;
  auto writing = note_write(*bytes_, *text, outcome);
  writing.start();
  ASSERT_EQ(outcome, std::nullopt);
  writing.reset();
  const auto sent_at_most = text->size();
  text.reset();
  EXPECT_FALSE(bytes_->is_open());
  std::size_t received = 0;
  EXPECT_TRUE(loop_.run_until([&] {
    received += received_at(sockets_.far).size();
    return end_at(sockets_.far) != asio::error::would_block;
  }));
  EXPECT_LT(received, sent_at_most);
}

TEST_F(channel_writing, reading_goes_on_when_sending_is_shut_down) {
  bytes_->shut_down_sending();
  send(sockets_.far, "still here");
  std::optional<io_status> outcome;
  auto reading = note_more(*bytes_, outcome);
  reading.start();
  EXPECT_TRUE(loop_.run_until([&] { return outcome.has_value(); }));
  EXPECT_EQ(bytes_->input(), "still here");
  EXPECT_EQ(end_at(sockets_.far), asio::error::eof);
}

TEST_F(channel_writing, one_side_may_read_and_write_at_the_same_time) {
  const auto text = numbered(500'000);
  std::optional<io_status> read, written;
  auto reading = note_more(*bytes_, read);
  auto writing = note_write(*bytes_, text, written);
  reading.start();
  writing.start();
  send(sockets_.far, "ping");
  EXPECT_TRUE(drain(written) == text);
  EXPECT_TRUE(loop_.run_until([&] { return read.has_value(); }));
  EXPECT_EQ(bytes_->input(), "ping");
}

}  // namespace
}  // namespace baton::net
