// A server that does exactly what a test tells it, connection by connection: for upstreams and
// proxies that misbehave in ways the mock upstream does not offer. Blocking, a thread each.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace baton::e2e {

// One accepted connection, in the hands of the script.
class conversation {
 public:
  explicit conversation(int socket) : socket_(socket) {}

  // Less than asked for when the other side ends.
  std::string read_until(std::string_view marker);
  std::string read_exactly(std::size_t bytes);
  // Head and body of one request with a content-length.
  std::string read_request();
  bool write(std::string_view bytes);
  // Waits until the other side ends, dropping what it sends.
  void read_to_end();
  // The same without reading.
  void wait_for_end();
  void reset();  // ends with RST when the script returns
  // Passes bytes both ways between this connection and 127.0.0.1:port until one side ends.
  void tunnel_to(std::uint16_t port);

 private:
  int socket_;
  std::string received_;  // not taken yet
};

// Runs from construction to destruction.
class scripted_peer {
 public:
  // `script` runs for each connection on a thread of its own; the connection is closed when it
  // returns.
  explicit scripted_peer(std::function<void(conversation&)> script);
  ~scripted_peer();
  scripted_peer(const scripted_peer&) = delete;
  scripted_peer& operator=(const scripted_peer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::size_t connections() const { return connections_; }

 private:
  void accept();
  void serve(int socket);

  const std::function<void(conversation&)> script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_ = 0;
  std::mutex mutex_;  // guards the next two
  std::vector<int> open_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;  // of the accepting thread; joined after it
  std::thread acceptor_;
};

}  // namespace baton::e2e
