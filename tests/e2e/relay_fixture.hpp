// What the end-to-end tests start from: a relay and its upstream in this process, a data folder of
// its own, and a second connection to the store, as the command line has one.
//
//   TEST_F(relaying, passes_an_answer_on) {
//     add_account("a");
//     start();
//     EXPECT_EQ(send_message().status, 200);
//   }
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/server.hpp"
#include "storage/store.hpp"
#include "storage/usage_record.hpp"
#include "tests/support/mock_upstream.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::e2e {

using std::chrono::milliseconds;
using test::header_list;
using test::raw_answer;
using test::raw_client;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

// Polls until `condition` holds; false if it does not in time.
bool eventually(const std::function<bool()>& condition,
                milliseconds limit = std::chrono::seconds(10));

// A port for somebody else to listen on.
std::uint16_t unused_port();
// A port that refuses connections as long as the process lives.
std::uint16_t refusing_port();

// What `send` brings, called `count` times at once, each time on a thread of its own.
std::vector<raw_answer> at_once(std::size_t count,
                                const std::function<raw_answer(std::size_t)>& send);
std::size_t count_status(const std::vector<raw_answer>& answers, int status);

std::string message_body(bool stream = false, std::string_view model = "claude-sonnet-4-5");
// One whose text no other has: it begins a session of its own.
std::string new_message(bool stream = false, std::string_view model = "claude-sonnet-4-5");
// A message whose text makes the body exactly `bytes` long.
std::string message_body_of(std::size_t bytes, bool stream = false);

class relay_fixture : public testing::Test {
 protected:
  relay_fixture();
  ~relay_fixture() override;

  // Before start() or while the relay runs.
  //
  // Adds an account whose credential is credential(name), and gives that a behaviour at the mock.
  relay::account add_account(const std::string& name, const mock::behaviour& script = {},
                             const std::function<void(relay::account&)>& change = {});
  // Returns the key's text; the key "k" is made by start() unless a test has made it.
  std::string add_key(const std::string& name,
                      const std::function<void(relay::api_key&)>& change = {});
  void change_key(const std::string& name, const std::function<void(relay::api_key&)>& change);

  void start();
  bool stop(milliseconds drain = std::chrono::seconds(5));
  // The first half of stop(), from any thread.
  bool drain(milliseconds patience) { return server_->stop(patience); }

  std::uint16_t port() const { return server_->port(); }
  std::uint16_t admin_port() const { return server_->admin_port(); }
  void reload_files() { server_->reload_files(); }
  const std::string& key() const { return key_; }
  storage::store& store() { return *store_; }

  static std::string credential(std::string_view account) {
    return "sk-ant-" + std::string(account);
  }
  mock::credential_statistics seen_by(std::string_view account) const;

  header_list headers(std::string_view key_text = {}) const;
  std::string message_request(bool stream = false, std::string_view body = {}) const;
  raw_answer send_message(bool stream = false, std::string_view key_text = {}) const;
  raw_answer post(std::string_view path, std::string_view body) const;

  // The value of one sample of /metrics, named with its labels; 0 if it is not there.
  double metric(std::string_view sample) const;
  // What ends on a worker is counted there a moment later.
  bool metric_becomes(std::string_view sample, double value) const;
  // Sums of what is stored, which lags behind the answers by a moment.
  storage::usage_sum stored_usage(const storage::usage_query& query = {});
  bool usage_becomes(std::int64_t requests, const relay::token_usage& tokens);
  // Of streams that ended before the upstream told its usage: input as announced at their
  // beginning, output at least that and something for what was delivered.
  bool estimated_usage_becomes(std::int64_t requests, const relay::token_usage& announced);
  // All records of the ledger in order, once there are so many.
  std::vector<storage::usage_record> records(std::size_t count);

  app::config settings;  // read by start()
  std::unique_ptr<mock::mock_upstream> upstream;

 private:
  test_support::temp_dir folder_;
  std::unique_ptr<storage::store> store_;
  std::string key_;
  std::unique_ptr<app::server> server_;
};

}  // namespace baton::e2e
