#include "actors/usage_aggregator_actor.hpp"

#include <atomic>
#include <mutex>

#include "actors/relay_fixture.test.hpp"
#include "relay/route.hpp"

namespace baton::actors {
namespace {

// A store that does as it is told: stores, fails, or keeps the batch until it is released.
class scripted_storage final : public runtime::pinned_actor {
 public:
  enum class way { store, fail, keep };
  struct book {
    std::atomic<way> next = way::store;
    std::atomic<int> appends = 0;
    std::atomic<int> kept = 0;
    std::atomic<int> most_kept = 0;
    std::mutex guard;
    std::int64_t requests = 0;  // stored
    std::int64_t output = 0;

    std::int64_t stored_requests() {
      std::lock_guard lock(guard);
      return requests;
    }
  };

  scripted_storage(caf::actor_config& config, runtime::worker& home, std::shared_ptr<book> kept)
      : pinned_actor(config, home), book_(std::move(kept)) {}

  caf::behavior make_behavior() override {
    return {
        [this](const append_usage& order) -> caf::result<usage_appended> {
          ++book_->appends;
          switch (book_->next.load()) {
            case way::store: return store(*order.rows);
            case way::fail: return failed();
            case way::keep: break;
          }
          ++book_->kept;
          book_->most_kept = std::max(book_->most_kept.load(), book_->kept.load());
          orders_.push_back(order);
          promises_.push_back(make_response_promise());
          return promises_.back();
        },
        // Goes on with what was kept: true stores it, false fails it.
        [this](bool stores) {
          for (std::size_t n = 0; n < promises_.size(); ++n) {
            promises_[n].deliver(stores ? store(*orders_[n].rows) : failed());
          }
          book_->kept -= static_cast<int>(promises_.size());
          promises_.clear();
          orders_.clear();
        },
    };
  }
  void on_exit() override { runtime::fail_all(promises_); }

 private:
  usage_appended store(const std::vector<storage::usage_row>& rows) {
    std::lock_guard lock(book_->guard);
    for (const auto& row : rows) {
      book_->requests += row.requests;
      book_->output += row.tokens.output;
    }
    return {};
  }
  static usage_appended failed() {
    return {internal_error(error_code::storage_failed, "the disk is full")};
  }

  std::shared_ptr<book> book_;
  std::vector<append_usage> orders_;
  std::vector<caf::response_promise> promises_;
};

using way = scripted_storage::way;

class aggregating : public relay_actor_test {
 protected:
  void SetUp() override {
    storage_ = spawn<scripted_storage>(at(1), book_);
    aggregator_ = spawn<usage_aggregator_actor>(at(0), storage_, nullptr, std::ref(metrics_));
  }
  void TearDown() override {
    storage_ = aggregator_ = nullptr;
    relay_actor_test::TearDown();
  }

  relay::request_record record(const std::string& model = "opus") const {
    relay::request_record ended;
    ended.route = relay::match_route("POST", "/v1/messages").found;
    ended.key = std::make_shared<const relay::api_key>(key_config("k"));
    ended.account = ready_account("a");
    ended.model = model;
    ended.attempts = 1;
    ended.reached_upstream = true;
    ended.usage.output = 3;
    ended.finished = wall_now();
    ended.duration = std::chrono::milliseconds(20);
    ended.upstream_wait = std::chrono::milliseconds(15);
    return ended;
  }
  void end_requests(int count, const std::string& model = "opus") {
    for (int n = 0; n < count; ++n) caf::anon_send(aggregator_, request_ended{record(model)});
  }
  // Whether a flush succeeds; nothing if there is no answer.
  std::optional<bool> flush() {
    const auto answer = ask<usage_flushed>(aggregator_, flush_usage{});
    return answer ? std::optional(answer->stored.has_value()) : std::nullopt;
  }
  bool stored(std::int64_t requests) {
    return becomes_true([&] { return book_->stored_requests() == requests; });
  }

  std::shared_ptr<scripted_storage::book> book_ = std::make_shared<scripted_storage::book>();
  caf::actor storage_;
  caf::actor aggregator_;
};

TEST_F(aggregating, stores_what_ended_without_being_asked) {
  end_requests(3);
  EXPECT_TRUE(stored(3));
  EXPECT_EQ(book_->output, 9);
}

TEST_F(aggregating, stores_many_requests_in_few_batches) {
  end_requests(5000);
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(book_->stored_requests(), 5000);
  EXPECT_LT(book_->appends, 100);
}

TEST_F(aggregating, a_flush_is_answered_when_everything_is_stored) {
  EXPECT_EQ(flush(), true);  // there is nothing
  book_->next = way::keep;
  end_requests(2);
  EXPECT_TRUE(becomes_true([&] { return book_->kept == 1; }));
  end_requests(5);  // these join the next batch, which the flush waits for as well
  caf::scoped_actor self{system_};
  auto flushed = self->request(aggregator_, patience, flush_usage{});
  book_->next = way::store;
  caf::anon_send(storage_, true);
  flushed.receive([&](const usage_flushed& reply) { EXPECT_TRUE(reply.stored); },
                  [](caf::error&) { FAIL(); });
  EXPECT_EQ(book_->stored_requests(), 7);
}

TEST_F(aggregating, keeps_one_batch_at_most_on_its_way) {
  book_->next = way::keep;
  for (int round = 1; round <= 3; ++round) {
    end_requests(10);
    caf::anon_send(aggregator_, flush_due{});
    caf::anon_send(aggregator_, flush_usage{});
    ASSERT_TRUE(becomes_true([&] { return book_->kept == 1; }));
  }
  book_->next = way::store;
  caf::anon_send(storage_, true);
  EXPECT_TRUE(stored(30));
  EXPECT_EQ(book_->most_kept, 1);
}

TEST_F(aggregating, what_ended_while_the_store_was_busy_needs_no_further_request) {
  book_->next = way::keep;
  end_requests(1);
  ASSERT_TRUE(becomes_true([&] { return book_->kept == 1; }));
  end_requests(1);
  caf::anon_send(aggregator_, flush_due{});  // comes due, and finds the store busy
  book_->next = way::store;
  caf::anon_send(storage_, true);
  EXPECT_TRUE(stored(2));
}

TEST_F(aggregating, a_failed_batch_is_tried_again_and_counted_once) {
  book_->next = way::fail;
  end_requests(4);
  ASSERT_TRUE(becomes_true([&] { return book_->appends >= 1; }));
  EXPECT_EQ(flush(), false);
  end_requests(2);
  book_->next = way::store;
  EXPECT_TRUE(stored(6));
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(book_->stored_requests(), 6);
  EXPECT_EQ(book_->output, 18);
}

TEST_F(aggregating, tokens_are_published_once_and_only_when_stored) {
  const auto series =
      R"(baton_tokens_total{class="output",model="opus",platform="claude-console"})";
  book_->next = way::fail;
  end_requests(4);
  EXPECT_EQ(flush(), false);
  EXPECT_EQ(metric(series), -1);
  book_->next = way::store;
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(metric(series), 12);
}

TEST_F(aggregating, costs_are_published_and_models_without_a_price_counted) {
  auto ended = record();
  ended.cost = {1'500'000'000, 3'000'000'000, true};
  caf::anon_send(aggregator_, request_ended{ended});
  ended.cost = {250'000'000, 0, false};
  caf::anon_send(aggregator_, request_ended{ended});
  EXPECT_EQ(flush(), true);
  EXPECT_DOUBLE_EQ(metric(R"(baton_cost_usd_total{platform="claude-console",model="opus"})"), 1.75)
      << "what the upstream charges, not what the key is charged";
  EXPECT_EQ(metric(R"(baton_unpriced_requests_total{platform="claude-console"})"), 1);
}

TEST_F(aggregating, keeps_everything_when_the_store_dies) {
  book_->next = way::keep;
  end_requests(4);
  ASSERT_TRUE(becomes_true([&] { return book_->kept == 1; }));
  kill(storage_);
  EXPECT_EQ(flush(), false);
  end_requests(1);
  EXPECT_EQ(flush(), false);
  EXPECT_EQ(book_->stored_requests(), 0);
}

TEST_F(aggregating, whoever_waits_for_a_flush_hears_of_its_end) {
  book_->next = way::keep;
  end_requests(1);
  ASSERT_TRUE(becomes_true([&] { return book_->kept == 1; }));
  caf::scoped_actor self{system_};
  auto flushed = self->request(aggregator_, patience, flush_usage{});
  kill(aggregator_);
  bool failed = false;
  flushed.receive([](const usage_flushed&) {},
                  [&](caf::error& why) { failed = why != caf::sec::request_timeout; });
  EXPECT_TRUE(failed);
}

TEST_F(aggregating, counts_how_requests_ended) {
  end_requests(2);
  auto refused = record();
  refused.how = relay::outcome::refused;
  refused.failure = error_code::rate_limited;
  refused.account = nullptr;
  refused.attempts = 0;
  auto lost = record();
  lost.how = relay::outcome::client_gone;
  lost.route = nullptr;
  lost.key = nullptr;
  caf::anon_send(aggregator_, request_ended{refused});
  caf::anon_send(aggregator_, request_ended{lost});
  EXPECT_EQ(flush(), true);
  const std::string name = "baton_requests_total";
  EXPECT_EQ(metric(name + R"({platform="claude-console",route="messages",outcome="completed"})"),
            2);
  EXPECT_EQ(metric(name + R"({platform="none",route="messages",outcome="refused"})"), 1);
  EXPECT_EQ(metric(name + R"({platform="claude-console",route="other",outcome="client_gone"})"), 1);
  EXPECT_EQ(metric(R"(baton_limit_rejections_total{limit="key"})"), 1);
  EXPECT_EQ(metric("baton_client_aborts_total"), 1);
  EXPECT_EQ(metric("baton_request_duration_seconds_count"), 3);
  EXPECT_EQ(metric("baton_overhead_seconds_sum"), 0.015);
}

TEST_F(aggregating, tokens_of_reasoning_have_a_class_of_their_own) {
  auto ended = record();
  ended.usage.reasoning = 2;
  caf::anon_send(aggregator_, request_ended{ended});
  EXPECT_EQ(flush(), true);
  const std::string rest = R"(",model="opus",platform="claude-console"})";
  EXPECT_EQ(metric(R"(baton_tokens_total{class="reasoning)" + rest), 2);
  EXPECT_EQ(metric(R"(baton_tokens_total{class="output)" + rest), 3);
}

TEST_F(aggregating, models_beyond_a_bound_share_a_label) {
  for (int n = 0; n < 300; ++n) end_requests(1, "model-" + std::to_string(n));
  EXPECT_EQ(flush(), true);
  const auto text = metrics_.text();
  std::size_t series = 0;
  for (auto at = text.find("baton_tokens_total{"); at != std::string::npos;
       at = text.find("baton_tokens_total{", at + 1)) {
    ++series;
  }
  EXPECT_EQ(series, 201u);
  EXPECT_EQ(metric(R"(baton_tokens_total{class="output",model="other",platform="claude-console"})"),
            300);
}

}  // namespace
}  // namespace baton::actors
