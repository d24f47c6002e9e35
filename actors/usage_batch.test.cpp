#include "actors/usage_batch.hpp"

#include "actors/relay_fixture.test.hpp"
#include "relay/route.hpp"
#include "storage/ledger/ledger_codec.hpp"

namespace baton::actors {
namespace {

relay::request_record ended(wall_time when) {
  relay::request_record record;
  record.request_id = "req_0123456789abcdef01234567";
  record.route = relay::match_route("POST", "/v1/messages").found;
  record.key = std::make_shared<const relay::api_key>(key_config("k"));
  record.account = ready_account("a");
  record.model_asked = "opus";
  record.model = "claude-opus-4-1";
  record.status = 200;
  record.stream = true;
  record.attempts = 2;
  record.reached_upstream = true;
  record.how = relay::outcome::client_gone;
  record.failure = error_code::cancelled;
  record.usage = {.input = 1, .output = 2, .cache_read = 3, .reasoning = 4};
  record.cost = {10, 15, true};
  record.usage_estimated = true;
  record.finished = when;
  record.duration = std::chrono::milliseconds(20);
  record.time_to_first_byte = std::chrono::milliseconds(5);
  return record;
}

TEST(usage_collector, makes_records_of_what_is_known_of_requests) {
  const auto when = wall_now();
  usage_collector collector;
  EXPECT_TRUE(collector.empty());
  collector.add(ended(when));
  const auto batch = collector.take();
  EXPECT_TRUE(collector.empty());
  EXPECT_EQ(batch.count, 1u);
  std::string_view bytes = batch.records;
  const auto record = storage::read_record(bytes);
  ASSERT_TRUE(record);
  EXPECT_TRUE(bytes.empty());
  storage::usage_record expected;
  expected.request_id = "req_0123456789abcdef01234567";
  expected.finished = when;
  expected.key = key_id("id-k");
  expected.account = account_id("id-a");
  expected.platform = "claude-console";
  expected.route = "messages";
  expected.model_asked = "opus";
  expected.model = "claude-opus-4-1";
  expected.tokens = {.input = 1, .output = 2, .cache_read = 3, .reasoning = 4};
  expected.cost_nanousd = 10;
  expected.rated_nanousd = 15;
  expected.priced_by_fallback = true;
  expected.stream = expected.counted = expected.usage_estimated = true;
  expected.status = 200;
  expected.outcome = "client_gone";
  expected.error = "cancelled";
  expected.attempts = 2;
  expected.duration = std::chrono::milliseconds(20);
  expected.time_to_first_byte = std::chrono::milliseconds(5);
  EXPECT_EQ(*record, expected);
}

TEST(usage_collector, knows_the_span_of_time_of_a_batch) {
  const auto when = wall_now();
  usage_collector collector;
  for (const int minutes : {2, 1, 3}) collector.add(ended(when + std::chrono::minutes(minutes)));
  const auto batch = collector.take();
  EXPECT_EQ(batch.first, when + std::chrono::minutes(1));
  EXPECT_EQ(batch.last, when + std::chrono::minutes(3));
  EXPECT_EQ(batch.count, 3u);
}

TEST(usage_collector, adds_up_the_same_as_the_tally_of_its_records) {
  usage_collector collector;
  const auto noon = std::chrono::floor<std::chrono::hours>(wall_now());
  for (int n = 0; n < 10; ++n) collector.add(ended(noon + std::chrono::minutes(10 * n)));
  const auto batch = collector.take();
  storage::usage_tally tally;
  std::string_view bytes = batch.records;
  while (!bytes.empty()) tally.add(storage::view_of(storage::read_record(bytes).value()));
  const auto sum = [](const std::vector<storage::usage_row>& rows) {
    storage::usage_row total;
    for (const auto& row : rows) {
      total.requests += row.requests;
      total.tokens += row.tokens;
      total.cost_nanousd += row.cost_nanousd;
      total.rated_nanousd += row.rated_nanousd;
      total.fallback_requests += row.fallback_requests;
    }
    return std::tuple(rows.size(), total.requests, total.tokens.total(), total.cost_nanousd,
                      total.rated_nanousd, total.fallback_requests);
  };
  EXPECT_EQ(sum(tally.take()), sum(batch.rows));
}

TEST(usage_collector, counts_what_is_billed_and_has_reached_an_account_only) {
  const auto when = wall_now();
  auto never_sent = ended(when);
  never_sent.account = nullptr;
  auto not_connected = ended(when);
  not_connected.reached_upstream = false;
  auto tokens_only = ended(when);
  tokens_only.route = relay::match_route("POST", "/v1/messages/count_tokens").found;
  auto not_authenticated = ended(when);
  not_authenticated.key = nullptr;
  auto unknown_path = ended(when);
  unknown_path.route = nullptr;
  auto answered_here = ended(when);
  answered_here.route = relay::match_route("GET", "/v1/models").found;
  usage_collector collector;
  for (const auto& each :
       {never_sent, not_connected, tokens_only, not_authenticated, unknown_path, answered_here}) {
    collector.add(each);
  }
  const auto batch = collector.take();
  EXPECT_EQ(batch.count, 3u) << "requests of keys that are relayed have records";
  EXPECT_TRUE(batch.rows.empty());
}

}  // namespace
}  // namespace baton::actors
