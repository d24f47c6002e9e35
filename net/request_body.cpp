#include "net/request_body.hpp"

#include <algorithm>
#include <array>

namespace baton::net {
namespace {

// How much room is made at a time for a body whose bytes are still to come.
constexpr std::size_t step_bytes = 64 * 1024;
// Beyond `client_body`, a body gets the time that this rate takes: a slow line may send a large
// body, a trickle may not hold a connection for ever.
constexpr std::uint64_t slowest_bytes_per_second = 16 * 1024;

error gone(io_status status) {
  return status == io_status::timed_out
             ? downstream_error(error_code::request_timeout, "The body took too long.")
             : downstream_error(error_code::cancelled, "The client left before its body was sent.");
}

error too_large(std::uint64_t bytes_max) {
  return downstream_error(error_code::body_too_large, "The request body may not be longer than " +
                                                          std::to_string(bytes_max) + " bytes.");
}

error no_memory() {
  auto refused = internal_error(error_code::overloaded,
                                "Too many request bodies are being received at the moment.");
  refused.retry_after = std::chrono::seconds(1);
  return refused;
}

void extend_deadline(exchange& ex, steady_time began) {
  const auto earned =
      std::chrono::milliseconds(ex.stored_body.size() * 1000 / slowest_bytes_per_second);
  const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(steady_now() - began);
  ex.guard.limit(ex.client, ex.worker.settings.client_body + earned - spent);
}

task<result<void>> invite_body(exchange& ex) {
  constexpr std::string_view invitation = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::array<asio::const_buffer, 1> buffers = {asio::buffer(invitation)};
  if (const auto status = co_await ex.client.write(buffers); status != io_status::ok) {
    co_return gone(status);
  }
  co_return result<void>{};
}

// The whole body fits behind the head in the client's buffer.
task<result<void>> read_in_place(exchange& ex, std::size_t length) {
  while (ex.client.input().size() < ex.head.bytes + length) {
    if (const auto status = co_await ex.client.more(); status != io_status::ok) {
      co_return gone(status);
    }
  }
  ex.body = ex.client.input().substr(ex.head.bytes, length);
  ex.body_bytes_in_place = length;
  co_return result<void>{};
}

task<result<void>> read_sized(exchange& ex, std::uint64_t length) {
  // At least one byte stays free, for the read that watches whether the client leaves.
  if (ex.head.bytes + length < ex.client.room()) {
    co_return co_await read_in_place(ex, static_cast<std::size_t>(length));
  }
  const auto began = steady_now();
  const auto early = ex.client.input().substr(ex.head.bytes);
  if (!ex.stored_body.append(early)) co_return no_memory();
  ex.client.cut(ex.head.bytes, early.size());
  while (ex.stored_body.size() < length) {
    const auto left = static_cast<std::size_t>(length - ex.stored_body.size());
    if (!ex.stored_body.reserve_more(std::min(left, step_bytes))) co_return no_memory();
    auto space = ex.stored_body.free_space();
    auto reading = ex.client.read_into(space.first(std::min(space.size(), left)));
    const auto status = co_await reading;
    ex.stored_body.grow(reading.received);
    if (status != io_status::ok) co_return gone(status);
    extend_deadline(ex, began);
  }
  ex.body = ex.stored_body.view();
  co_return result<void>{};
}

struct storing_sink final : body_sink {
  storing_sink(body_buffer& target, std::uint64_t limit) : target_(target), limit_(limit) {}
  void on_body(std::string_view piece) override {
    if (target_.size() + piece.size() > limit_) {
      too_large = true;
    } else if (!target_.append(piece)) {
      no_memory = true;
    }
  }
  bool too_large = false;
  bool no_memory = false;

 private:
  body_buffer& target_;
  const std::uint64_t limit_;
};

task<result<void>> read_chunked(exchange& ex, request_parser& parser, std::uint64_t bytes_max) {
  const auto began = steady_now();
  storing_sink sink(ex.stored_body, bytes_max);
  for (;;) {
    const auto progress = parser.parse_body(ex.client.input().substr(ex.head.bytes), sink);
    if (!progress) co_return progress.error();
    if (sink.too_large) co_return too_large(bytes_max);
    if (sink.no_memory) co_return no_memory();
    ex.client.cut(ex.head.bytes, progress->consumed);
    if (progress->complete) break;
    if (ex.client.input().size() == ex.client.room()) {
      co_return downstream_error(error_code::malformed_request, "A chunk's head is too long.");
    }
    if (const auto status = co_await ex.client.more(); status != io_status::ok) {
      co_return gone(status);
    }
    extend_deadline(ex, began);
  }
  // An empty body, too, must be readable past its end.
  if (!ex.stored_body.reserve_more(1)) co_return no_memory();
  ex.body = ex.stored_body.view();
  co_return result<void>{};
}

}  // namespace

task<result<void>> read_body(exchange& ex, request_parser& parser, std::uint64_t bytes_max) {
  const auto length = ex.head.content_length.value_or(0);
  if (length > bytes_max) co_return too_large(bytes_max);
  const bool waits_for_invitation =
      ex.head.expects_continue && ex.head.has_body() && ex.client.input().size() == ex.head.bytes;
  ex.guard.limit(ex.client, ex.worker.settings.client_body);
  result<void> outcome;
  if (waits_for_invitation) outcome = co_await invite_body(ex);
  if (outcome && ex.head.chunked) {
    outcome = co_await read_chunked(ex, parser, bytes_max);
  } else if (outcome) {
    outcome = co_await read_sized(ex, length);
  }
  ex.guard.lift();
  ex.body_read = outcome.has_value();
  co_return outcome;
}

}  // namespace baton::net
