// An upstream that speaks every API, for tests, `baton mock-upstream`, `baton demo` and the bench.
//
//   mock::mock_upstream upstream;                    // 127.0.0.1, a free port, its own thread
//   upstream.behave("sk-ant-test-1", {.status = 429, .header_lines = "retry-after: 7\r\n"});
//   … point an account at upstream.url() …
//   EXPECT_EQ(upstream.stats().credentials.at("sk-ant-test-1").requests, 1u);
//
// The path of a request tells which API is meant (mock_route.cpp), under any prefix; how answers of
// each look is in a dialect (mock_dialect.hpp). It takes any credential; what one is scripted to do
// is in mock_behaviour.hpp. GET /mock/stats tells the statistics as JSON, POST /mock/reset sets
// them to zero.
//
// Shares no HTTP code with the relay, on purpose: it checks what the relay writes.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/mock_behaviour.hpp"
#include "tests/support/mock_statistics.hpp"

namespace baton::mock {

class worker;
struct shared_state;

struct upstream_options {
  std::string host = "127.0.0.1";  // an address to listen on
  std::uint16_t port = 0;          // 0: a free one
  unsigned threads = 1;            // each with its own listener on the port (SO_REUSEPORT)
  behaviour normal{};              // for credentials without a script
  // PEM texts; both empty: no TLS. The certificate may be followed by its chain.
  std::string certificate{};
  std::string private_key{};
};

// Runs from construction to destruction or stop(). All members may be called from any thread, but
// stop() only by the owner.
class mock_upstream {
 public:
  // Throws boost::system::system_error if it cannot listen or the certificate cannot be used.
  // Raises the process's limit of open files to what it may have.
  explicit mock_upstream(upstream_options options = {});
  ~mock_upstream();
  mock_upstream(const mock_upstream&) = delete;
  mock_upstream& operator=(const mock_upstream&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const;  // "http://127.0.0.1:4711", "https://…" with TLS

  // What requests with this credential get from now on; also replaces a script in the credential.
  void behave(std::string_view credential, behaviour script);

  // Every answer that a client has in full is counted.
  statistics stats() const;
  void clear_stats();
  // Waits until `condition` holds for the statistics; false if it does not in time.
  bool wait_until(const std::function<bool(const statistics&)>& condition,
                  std::chrono::milliseconds limit = std::chrono::seconds(10)) const;

  // Ends all connections, idle ones and those within an answer.
  void close_connections(ending how = ending::fin);

  // Breaks off all connections and frees the port. The statistics stay readable.
  void stop();

 private:
  upstream_options options_;
  std::unique_ptr<shared_state> shared_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::uint16_t port_ = 0;
};

}  // namespace baton::mock
