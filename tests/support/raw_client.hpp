// A blocking TCP client for tests, which sends exactly the bytes it is told to, well-formed or not,
// and can be as slow or as rude as a test needs. Everything has a time limit; passing it throws
// std::runtime_error, which fails the test with its text.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/raw_answer.hpp"

namespace baton::test {

// How the peer's side of a connection ended.
enum class peer_end : std::uint8_t { open, fin, rst };

class raw_client {
 public:
  static constexpr std::chrono::seconds default_limit{10};

  // Connects to 127.0.0.1. `receive_buffer_bytes` not 0: as small a socket buffer as the system
  // allows down to that, so that a client that does not read fills up quickly.
  explicit raw_client(std::uint16_t port, std::chrono::milliseconds limit = default_limit,
                      int receive_buffer_bytes = 0);
  ~raw_client();
  raw_client(raw_client&& other) noexcept;
  raw_client& operator=(raw_client&&) = delete;

  // False if the peer has closed or reset the connection meanwhile.
  bool send(std::string_view bytes);
  bool send_byte_by_byte(std::string_view bytes);

  // What arrives next; empty when the peer has ended, then end() tells how.
  std::string read_some(std::size_t bytes_max = 64 * 1024);
  // Everything up to and with `marker`; less if the peer ends before.
  std::string read_until(std::string_view marker);
  // The next answer. Bytes behind it stay for the next call.
  raw_answer read_answer(bool answers_head = false);
  // Its head only; the body then follows from read_some() and the like, with its framing.
  raw_answer read_head();
  // Waits for the peer's end, dropping what it sends before.
  peer_end read_to_end();

  peer_end end() const { return end_; }
  // Whether nothing arrives and the connection stays open for so long.
  bool silent_for(std::chrono::milliseconds duration);

  void half_close();  // no more from here; still reads
  void reset();       // closes with RST
  void close();

 private:
  bool wait(short events, std::chrono::milliseconds limit);

  int socket_ = -1;
  std::chrono::milliseconds limit_;
  std::string received_;  // not taken yet
  peer_end end_ = peer_end::open;
};

using header_list = std::vector<std::pair<std::string, std::string>>;

// The text of a request; host, and content-length where there is a body, are added.
std::string request_text(std::string_view method, std::string_view path, const header_list& headers,
                         std::string_view body = {});

// One request on a connection of its own, which is closed afterwards.
raw_answer exchange(std::uint16_t port, std::string_view method, std::string_view path,
                    const header_list& headers = {}, std::string_view body = {});
raw_answer get(std::uint16_t port, std::string_view path, const header_list& headers = {});
raw_answer post_json(std::uint16_t port, std::string_view path, header_list headers,
                     std::string_view body);

}  // namespace baton::test
