#include "actors/usage_aggregator_actor.hpp"

#include <atomic>
#include <mutex>

#include "actors/relay_fixture.test.hpp"
#include "relay/route.hpp"

namespace baton::actors {
namespace {

// A ledger that does as it is told: writes, fails, or keeps the batch until it is released.
class scripted_ledger final : public runtime::pinned_actor {
 public:
  enum class way { write, fail, keep };
  struct book {
    std::atomic<way> next = way::write;
    std::atomic<int> appends = 0;
    std::atomic<int> kept = 0;
    std::atomic<int> most_kept = 0;
    std::mutex guard;
    std::int64_t requests = 0;  // written
    std::size_t records = 0;
    std::int64_t output = 0;

    std::int64_t written_requests() {
      std::lock_guard lock(guard);
      return requests;
    }
  };

  scripted_ledger(caf::actor_config& config, runtime::worker& home, std::shared_ptr<book> kept)
      : pinned_actor(config, home), book_(std::move(kept)) {}

  caf::behavior make_behavior() override {
    return {
        [this](flush_usage) { return usage_flushed{}; },
        [this](const append_to_ledger& order) -> caf::result<ledger_appended> {
          ++book_->appends;
          switch (book_->next.load()) {
            case way::write: return write(*order.batch);
            case way::fail: return failed();
            case way::keep: break;
          }
          ++book_->kept;
          book_->most_kept = std::max(book_->most_kept.load(), book_->kept.load());
          orders_.push_back(order);
          promises_.push_back(make_response_promise());
          return promises_.back();
        },
        // Goes on with what was kept: true writes it, false fails it.
        [this](bool writes) {
          for (std::size_t n = 0; n < promises_.size(); ++n) {
            promises_[n].deliver(writes ? write(*orders_[n].batch) : failed());
          }
          book_->kept -= static_cast<int>(promises_.size());
          promises_.clear();
          orders_.clear();
        },
    };
  }
  void on_exit() override { runtime::fail_all(promises_); }

 private:
  ledger_appended write(const usage_batch& batch) {
    std::lock_guard lock(book_->guard);
    book_->records += batch.count;
    for (const auto& row : batch.rows) {
      book_->requests += row.requests;
      book_->output += row.tokens.output;
    }
    return {};
  }
  static ledger_appended failed() {
    return {internal_error(error_code::storage_failed, "the disk is full"), {}};
  }

  std::shared_ptr<book> book_;
  std::vector<append_to_ledger> orders_;
  std::vector<caf::response_promise> promises_;
};

using way = scripted_ledger::way;

class aggregating : public relay_actor_test {
 protected:
  void SetUp() override {
    ledger_ = spawn<scripted_ledger>(at(1), book_);
    aggregator_ = spawn<usage_aggregator_actor>(at(0), ledger_, false, std::ref(metrics_));
  }
  void TearDown() override {
    ledger_ = aggregator_ = nullptr;
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
  bool written(std::int64_t requests) {
    return becomes_true([&] { return book_->written_requests() == requests; });
  }

  std::shared_ptr<scripted_ledger::book> book_ = std::make_shared<scripted_ledger::book>();
  caf::actor ledger_;
  caf::actor aggregator_;
};

TEST_F(aggregating, writes_what_ended_without_being_asked) {
  end_requests(3);
  EXPECT_TRUE(written(3));
  EXPECT_EQ(book_->output, 9);
}

TEST_F(aggregating, writes_many_requests_in_few_batches) {
  end_requests(5000);
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(book_->written_requests(), 5000);
  EXPECT_LT(book_->appends, 100);
}

TEST_F(aggregating, a_flush_is_answered_when_everything_is_written) {
  EXPECT_EQ(flush(), true);  // there is nothing
  book_->next = way::keep;
  end_requests(2);
  EXPECT_TRUE(becomes_true([&] { return book_->kept == 1; }));
  end_requests(5);  // these join the next batch, which the flush waits for as well
  caf::scoped_actor self{system_};
  auto flushed = self->request(aggregator_, patience, flush_usage{});
  book_->next = way::write;
  caf::anon_send(ledger_, true);
  flushed.receive([&](const usage_flushed& reply) { EXPECT_TRUE(reply.stored); },
                  [](caf::error&) { FAIL(); });
  EXPECT_EQ(book_->written_requests(), 7);
}

TEST_F(aggregating, keeps_one_batch_at_most_on_its_way) {
  book_->next = way::keep;
  for (int round = 1; round <= 3; ++round) {
    end_requests(10);
    caf::anon_send(aggregator_, flush_due{});
    caf::anon_send(aggregator_, flush_usage{});
    ASSERT_TRUE(becomes_true([&] { return book_->kept == 1; }));
  }
  book_->next = way::write;
  caf::anon_send(ledger_, true);
  EXPECT_TRUE(written(30));
  EXPECT_EQ(book_->most_kept, 1);
}

TEST_F(aggregating, what_ended_while_the_ledger_was_busy_needs_no_further_request) {
  book_->next = way::keep;
  end_requests(1);
  ASSERT_TRUE(becomes_true([&] { return book_->kept == 1; }));
  end_requests(1);
  caf::anon_send(aggregator_, flush_due{});  // comes due, and finds the ledger busy
  book_->next = way::write;
  caf::anon_send(ledger_, true);
  EXPECT_TRUE(written(2));
}

TEST_F(aggregating, a_failed_batch_is_tried_again_and_counted_once) {
  book_->next = way::fail;
  end_requests(4);
  ASSERT_TRUE(becomes_true([&] { return book_->appends >= 1; }));
  EXPECT_EQ(flush(), false);
  end_requests(2);
  book_->next = way::write;
  EXPECT_TRUE(written(6));
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(book_->written_requests(), 6);
  EXPECT_EQ(book_->output, 18);
}

TEST_F(aggregating, tokens_are_published_once_and_only_when_written) {
  const auto series =
      R"(baton_tokens_total{class="output",model="opus",platform="claude-console"})";
  book_->next = way::fail;
  end_requests(4);
  EXPECT_EQ(flush(), false);
  EXPECT_EQ(metric(series), -1);
  book_->next = way::write;
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

TEST_F(aggregating, keeps_everything_when_the_ledger_dies) {
  book_->next = way::keep;
  end_requests(4);
  ASSERT_TRUE(becomes_true([&] { return book_->kept == 1; }));
  kill(ledger_);
  EXPECT_EQ(flush(), false);
  end_requests(1);
  EXPECT_EQ(flush(), false);
  EXPECT_EQ(book_->written_requests(), 0);
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

TEST_F(aggregating, refused_requests_and_counts_of_tokens_have_records_that_are_in_no_sum) {
  auto refused = record();
  refused.how = relay::outcome::refused;
  refused.account = nullptr;
  refused.reached_upstream = false;
  auto counting = record();
  counting.route = relay::match_route("POST", "/v1/messages/count_tokens").found;
  counting.usage = {};
  auto unknown = record();
  unknown.key = nullptr;
  auto local = record();
  local.route = relay::match_route("GET", "/v1/usage").found;
  for (const auto& each : {refused, counting, unknown, local}) {
    caf::anon_send(aggregator_, request_ended{each});
  }
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(book_->records, 2u);
  EXPECT_EQ(book_->written_requests(), 0);
}

TEST_F(aggregating, an_answer_waits_until_its_record_is_written) {
  book_->next = way::keep;
  caf::scoped_actor self{system_};
  auto first = self->request(aggregator_, patience, write_record{record()});
  ASSERT_TRUE(becomes_true([&] { return book_->kept == 1; }));
  auto second = self->request(aggregator_, patience, write_record{record()});
  book_->next = way::write;
  caf::anon_send(ledger_, true);
  for (auto* answer : {&first, &second}) {
    answer->receive([](const record_written& reply) { EXPECT_TRUE(reply.durable); },
                    [](caf::error&) { FAIL(); });
  }
  EXPECT_EQ(book_->written_requests(), 2);
}

TEST_F(aggregating, a_record_that_was_written_first_is_not_written_again_at_the_end) {
  auto ended = record();
  EXPECT_TRUE(ask<record_written>(aggregator_, write_record{ended})->durable);
  ended.handed_over = true;
  caf::anon_send(aggregator_, request_ended{ended});
  EXPECT_EQ(flush(), true);
  EXPECT_EQ(book_->records, 1u);
  EXPECT_EQ(metric("baton_request_duration_seconds_count"), 1);
}

TEST_F(aggregating, an_answer_whose_record_cannot_be_written_is_told_so_at_once) {
  book_->next = way::fail;
  EXPECT_FALSE(ask<record_written>(aggregator_, write_record{record()})->durable);
  book_->next = way::write;
  EXPECT_TRUE(written(1)) << "it is written when that works again";
}

TEST_F(aggregating, records_beyond_a_bound_are_lost_and_counted) {
  book_->next = way::keep;
  auto large = record(std::string(1'000'000, 'm'));
  for (int n = 0; n < 40; ++n) caf::anon_send(aggregator_, request_ended{large});
  EXPECT_TRUE(becomes_true([&] { return metric("baton_usage_lost_requests_total") >= 1; }));
}

TEST_F(aggregating, counts_how_requests_ended) {
  end_requests(2);
  auto refused = record();
  refused.how = relay::outcome::refused;
  refused.failure = error_code::quota_exceeded;
  refused.limit = limit_kind::daily_cost;
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
  EXPECT_EQ(metric(R"(baton_limit_rejections_total{limit="daily_cost"})"), 1);
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
