// One exchange with both its ends in the test's hands: a client's socket, an upstream's socket, and
// actors that do as they are told.
#pragma once

#include <memory>
#include <string>

#include "admin/service.hpp"
#include "metrics/relay_metrics.hpp"
#include "net/exchange.hpp"
#include "net/test_loop.test.hpp"
#include "relay/platforms/anthropic_api.hpp"

namespace baton::net {

// Lets whoever awaits it wait until it is opened.
class gate {
 public:
  bool await_ready() const { return open_; }
  void await_suspend(std::coroutine_handle<> caller) { waiting_ = caller; }
  void await_resume() {}
  void open() {
    open_ = true;
    if (auto caller = std::exchange(waiting_, nullptr)) caller.resume();
  }
  bool is_awaited() const { return waiting_ != nullptr; }

 private:
  bool open_ = false;
  std::coroutine_handle<> waiting_;
};

// Admits everything and has no account to offer once `accounts` is open.
class scripted_port final : public actors::session_port {
 public:
  task<result<actors::admission>> admit(const relay::api_key_ptr&, relay::usage_estimate) override {
    co_return actors::admission{};
  }
  task<result<actors::leased_account>> lease_account(actors::account_wish) override {
    co_await accounts;
    co_return internal_error(error_code::no_account, "nobody is there");
  }
  void stop_waiting() override {}
  void report_failure(const relay::ready_account_ptr&, const relay::verdict&, bool) override {}
  void confirm_failure(const relay::ready_account_ptr&, const relay::verdict&, bool) override {}
  void report_success(const actors::leased_account&) override {}
  void answer_stored(const relay::session_key&, const relay::session_key&,
                     const account_id&) override {}
  task<result<relay::model_offer>> models(const relay::api_key_ptr&) override {
    co_return relay::model_offer{};
  }
  task<result<relay::choice_explanation>> explain(actors::account_wish) override {
    co_return relay::choice_explanation{};
  }
  task<result<std::vector<relay::account_report>>> account_states() override {
    co_return std::vector<relay::account_report>{};
  }
  task<result<void>> reset_account(account_id) override { co_return result<void>{}; }
  task<result<void>> write_record(relay::request_record ended) override {
    written.push_back(std::move(ended));
    if (ledger_fails) co_return internal_error(error_code::storage_failed, "the disk is full");
    co_return result<void>{};
  }
  void key_first_used(const key_id& key, wall_time) override { first_uses.push_back(key); }
  void record(relay::request_record&& ended) override { records.push_back(std::move(ended)); }
  task<result<std::vector<storage::usage_sum>>> usage(storage::usage_query) override {
    co_return std::vector<storage::usage_sum>{};
  }
  task<result<storage::ledger_page>> recorded_requests(storage::record_query) override {
    co_return storage::ledger_page{};
  }
  task<result<admin::step>> administer(std::shared_ptr<const admin::request>,
                                       admin::findings) override {
    co_return internal_error(error_code::internal, "nobody administers");
  }
  task<result<void>> reload_directory() override { co_return result<void>{}; }
  task<result<void>> flush_usage() override { co_return result<void>{}; }
  task<result<relay::window_use>> window_of(const key_id&) override {
    co_return relay::window_use{};
  }
  task<result<void>> readiness() override { co_return result<void>{}; }
  void finished() override { has_finished = true; }

  gate accounts;
  std::vector<relay::request_record> records;
  std::vector<relay::request_record> written;  // ahead of the answer's end
  bool ledger_fails = false;
  std::vector<key_id> first_uses;
  bool has_finished = false;
};

inline metrics::relay_labels test_labels() {
  return {{"none"},
          {"other"},
          {"completed", "refused", "client_gone", "upstream_failed"},
          {"x"},
          {"active"}};
}

// A worker of one test.
struct test_worker {
  test_loop loop;
  relay_settings settings;
  metrics::relay_metrics metrics{1, test_labels()};
  std::unique_ptr<worker_context> made;  // so that a test may change the settings before

  worker_context& context() {
    if (!made) {
      made = std::make_unique<worker_context>(loop, 0, settings, metrics);
      made->deadlines.start();
    }
    return *made;
  }
};

class exchange_test : public ::testing::Test {
 protected:
  // Sends `text`, a whole request head and what follows it, and makes the exchange it begins.
  exchange& begin(std::string_view text) {
    client_ = make_plain_channel(loop_, std::move(client_sockets_.near), 8 * 1024);
    guard_ = std::make_unique<connection_guard>(*client_, worker_.context().deadlines);
    send(client_sockets_.far, text);
    std::optional<io_status> outcome;
    while (client_->input().size() < text.size()) {
      auto reading = note_more(*client_, outcome);
      reading.start();
      EXPECT_TRUE(loop_.run_until([&] { return reading.done(); }));
    }
    parser_ = std::make_unique<request_parser>(head_, 8 * 1024);
    EXPECT_TRUE(parser_->parse_head(client_->input())->complete);
    exchange_ = std::make_unique<exchange>(worker_.context(), port_, *client_, *guard_, head_);
    exchange_->protocol = &relay::anthropic_api();
    exchange_->record.request_id = "req_1";
    exchange_->keep_alive = head_.keep_alive;
    return *exchange_;
  }

  void run(task<void> work) {
    work.start();
    EXPECT_TRUE(loop_.run_until([&] { return work.done(); })) << "the task does not end";
  }
  std::string at_client() { return received_at(client_sockets_.far); }

  test_worker worker_;
  test_loop& loop_ = worker_.loop;
  socket_pair client_sockets_{loop_};
  channel_ptr client_;
  scripted_port port_;
  std::unique_ptr<connection_guard> guard_;
  request_head head_;
  std::unique_ptr<request_parser> parser_;
  std::unique_ptr<exchange> exchange_;
};

}  // namespace baton::net
