// docs/accounting.md, as a table of tests: what is recorded and counted for each way a request can
// end.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

using storage::usage_record;

class accounting : public relay_fixture {
 protected:
  // The only record; `counted`: its tokens and cost are the sums in the store.
  usage_record only_record(bool counted) {
    const auto all = records(1);
    EXPECT_EQ(all.size(), 1u);
    if (all.empty()) return {};
    const auto& record = all.front();
    EXPECT_EQ(record.counted, counted);
    EXPECT_TRUE(eventually([&] { return stored_usage().requests == (counted ? 1 : 0); }));
    const auto sum = stored_usage();
    EXPECT_EQ(sum.tokens, counted ? record.tokens : relay::token_usage{});
    EXPECT_EQ(sum.cost_nanousd, counted ? record.cost_nanousd : 0);
    return record;
  }
};

TEST_F(accounting, a_complete_answer_is_recorded_with_all_that_explains_its_bill) {
  const auto account = add_account("a", {}, [](relay::account& config) {
    config.models = {{"claude-sonnet-4-5", "claude-sonnet-4-5-20250929"}};
  });
  start();
  const auto answer = send_message(true);
  EXPECT_EQ(answer.status, 200);
  const auto record = only_record(true);
  EXPECT_EQ(record.number, 1u);
  EXPECT_EQ(record.request_id, answer.header("x-request-id"));
  EXPECT_EQ(record.key, store().find_key("k")->id);
  EXPECT_EQ(record.account, account.id);
  EXPECT_EQ(record.platform, "claude-console");
  EXPECT_EQ(record.route, "messages");
  EXPECT_EQ(record.model_asked, "claude-sonnet-4-5");
  EXPECT_EQ(record.model, "claude-sonnet-4-5-20250929");
  EXPECT_EQ(record.tokens, (relay::token_usage{.input = 25, .output = 42}));
  EXPECT_EQ(record.cost_nanousd, 25 * 3'000 + 42 * 15'000);
  EXPECT_EQ(record.rated_nanousd, record.cost_nanousd);
  EXPECT_TRUE(record.price_version.starts_with("bundled-")) << record.price_version;
  EXPECT_FALSE(record.priced_by_fallback);
  EXPECT_FALSE(record.usage_estimated);
  EXPECT_TRUE(record.stream);
  EXPECT_EQ(record.status, 200);
  EXPECT_EQ(record.outcome, "completed");
  EXPECT_EQ(record.error, "");
  EXPECT_EQ(record.attempts, 1u);
  EXPECT_GT(record.duration.count(), 0);
  ASSERT_TRUE(record.time_to_first_byte);
  EXPECT_LE(*record.time_to_first_byte, record.duration);
  EXPECT_LT(wall_now() - record.finished, std::chrono::minutes(1));
}

TEST_F(accounting, cached_tokens_are_classes_of_their_own_with_prices_of_their_own) {
  add_account("a", {.tokens = {.input = 11,
                               .output = 22,
                               .cache_read = 33,
                               .cache_write_5m = 44,
                               .cache_write_1h = 55}});
  start();
  EXPECT_EQ(send_message().status, 200);
  const auto record = only_record(true);
  EXPECT_EQ(record.tokens, (relay::token_usage{.input = 11,
                                               .output = 22,
                                               .cache_read = 33,
                                               .cache_write_5m = 44,
                                               .cache_write_1h = 55}));
  EXPECT_EQ(record.cost_nanousd, 11 * 3'000 + 22 * 15'000 + 33 * 300 + 44 * 3'750 + 55 * 6'000);
}

TEST_F(accounting, a_long_context_has_its_prices_for_all_of_its_tokens) {
  const auto file = settings.storage.data_dir + "/prices.json";
  std::ofstream(file) << R"({"claude-sonnet-4-5":{"input_cost_per_token":1e-6,)"
                         R"("output_cost_per_token":2e-6,)"
                         R"("input_cost_per_token_above_200k_tokens":2e-6,)"
                         R"("output_cost_per_token_above_200k_tokens":3e-6}})";
  settings.pricing.file = file;
  add_account("a", {.tokens = {.input = 200'001, .output = 10}});
  start();
  EXPECT_EQ(send_message().status, 200);
  const auto record = only_record(true);
  EXPECT_EQ(record.cost_nanousd, 200'001 * 2'000 + 10 * 3'000);
  EXPECT_TRUE(record.price_version.starts_with("file-")) << record.price_version;
}

TEST_F(accounting, a_model_without_a_price_has_the_fallbacks_and_is_marked) {
  add_account("a");
  start();
  EXPECT_EQ(post("/v1/messages", message_body(false, "claude-of-the-future")).status, 200);
  const auto record = only_record(true);
  EXPECT_TRUE(record.priced_by_fallback);
  EXPECT_EQ(record.cost_nanousd, 25 * 3'000 + 42 * 15'000);
  EXPECT_EQ(stored_usage().fallback_requests, 1);
}

TEST_F(accounting, a_client_that_leaves_early_pays_for_what_it_was_given) {
  add_account("a", {.interval = milliseconds(20), .events = 10'000, .event_bytes = 400});
  start();
  {
    raw_client client(port());
    client.send(message_request(true));
    for (int n = 0; n < 3; ++n) client.read_until("event: content_block_delta");
  }
  const auto record = only_record(true);
  EXPECT_EQ(record.outcome, "client_gone");
  EXPECT_TRUE(record.usage_estimated);
  EXPECT_EQ(record.tokens.input, 25);
  EXPECT_GE(record.tokens.output, 2 * 400 / 4) << "two whole deltas at least";
  EXPECT_LE(record.tokens.output, 200 * 400 / 4);
}

TEST_F(accounting, a_client_whose_answer_is_drained_pays_for_all_of_it) {
  add_account("a", {.interval = milliseconds(5), .events = 30}, [](relay::account& account) {
    account.on_disconnect = {.what = relay::disconnect_policy::action::drain};
  });
  start();
  {
    raw_client client(port());
    client.send(message_request(true));
    client.read_until("event: content_block_delta");
  }
  const auto record = only_record(true);
  EXPECT_EQ(record.outcome, "client_gone");
  EXPECT_EQ(record.tokens, (relay::token_usage{.input = 25, .output = 42}));
  EXPECT_FALSE(record.usage_estimated);
}

TEST_F(accounting, an_upstream_that_cuts_its_answer_is_paid_for_what_it_gave) {
  add_account("a", {.event_bytes = 400, .cut_after_events = 8});
  start();
  EXPECT_FALSE(send_message(true).complete);
  const auto record = only_record(true);
  EXPECT_EQ(record.outcome, "upstream_failed");
  EXPECT_EQ(record.error, "upstream_broken");
  EXPECT_TRUE(record.usage_estimated);
  EXPECT_GE(record.tokens.output, 400 / 4);
}

TEST_F(accounting, a_request_that_is_tried_again_is_billed_once) {
  add_account("fails", {.status = 500}, [](relay::account& account) { account.priority = 1; });
  const auto second = add_account("works");
  start();
  EXPECT_EQ(send_message().status, 200);
  const auto record = only_record(true);
  EXPECT_EQ(record.attempts, 2u);
  EXPECT_EQ(record.account, second.id);
  EXPECT_EQ(record.tokens, (relay::token_usage{.input = 25, .output = 42}));
}

TEST_F(accounting, a_request_that_every_account_fails_has_no_cost) {
  add_account("a", {.status = 500});
  add_account("b", {.status = 500});
  start();
  EXPECT_GE(send_message().status, 500);
  const auto record = only_record(true);
  EXPECT_EQ(record.attempts, 2u);
  EXPECT_EQ(record.tokens, relay::token_usage{});
  EXPECT_EQ(record.cost_nanousd, 0);
}

TEST_F(accounting, a_request_that_is_refused_is_recorded_and_in_no_sum) {
  add_account("a");
  const auto key = add_key("of two", [](relay::api_key& made) {
    made.limits.window_minutes = 60;
    made.limits.window_requests = 1;
  });
  start();
  EXPECT_EQ(send_message(false, key).status, 200);
  EXPECT_EQ(send_message(false, key).status, 429);
  const auto all = records(2);
  ASSERT_EQ(all.size(), 2u);
  // Two connections may be of two workers, which write in either order.
  const auto refused = std::ranges::find(all, "refused", &storage::usage_record::outcome);
  ASSERT_NE(refused, all.end());
  EXPECT_FALSE(refused->counted);
  EXPECT_EQ(refused->error, "rate_limited");
  EXPECT_EQ(refused->status, 429);
  EXPECT_EQ(refused->attempts, 0u);
  EXPECT_EQ(refused->account, account_id());
  EXPECT_EQ(refused->cost_nanousd, 0);
  EXPECT_TRUE(eventually([&] { return stored_usage().requests == 1; }));
}

TEST_F(accounting, a_count_of_tokens_is_recorded_and_in_no_sum) {
  add_account("a");
  start();
  EXPECT_EQ(post("/v1/messages/count_tokens", message_body()).status, 200);
  const auto record = only_record(false);
  EXPECT_EQ(record.route, "count_tokens");
  EXPECT_EQ(record.tokens, relay::token_usage{});
  EXPECT_EQ(record.cost_nanousd, 0);
}

TEST_F(accounting, requests_of_nobody_and_answers_of_batons_own_have_no_record) {
  add_account("a");
  start();
  EXPECT_EQ(send_message(false, "cr_nobody_knows_this_key").status, 401);
  EXPECT_EQ(test::get(port(), "/v1/models", headers()).status, 200);
  EXPECT_EQ(send_message().status, 200);
  only_record(true);
}

TEST_F(accounting, a_keys_rates_are_in_the_rated_cost_only) {
  add_account("a");
  const auto key = add_key("dear", [](relay::api_key& made) {
    made.service_rates = {{"claude", 1'500'000}};
  });
  start();
  EXPECT_EQ(send_message(false, key).status, 200);
  const auto record = only_record(true);
  EXPECT_EQ(record.rated_nanousd, record.cost_nanousd * 3 / 2);
  EXPECT_EQ(stored_usage().rated_nanousd, record.rated_nanousd);
}

}  // namespace
}  // namespace baton::e2e
