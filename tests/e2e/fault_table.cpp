#include "tests/e2e/fault_table.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.hpp"

namespace baton::e2e {
namespace {

constexpr std::string_view name_header = "x-answered-by";
constexpr std::size_t events_of_a_stream = 18;

}  // namespace

void fault_table::start_with_failing(const mock::behaviour& script, const account_change& change) {
  add_account("first", script, [&](relay::account& account) {
    account.priority = 10;
    if (change) change(account);
  });
  add_account("second", answers_as("second"),
              [](relay::account& account) { account.priority = 20; });
  start();
}

mock::behaviour fault_table::answers_as(std::string_view account) {
  mock::behaviour regular;
  regular.header_lines.append(name_header).append(": ").append(account).append("\r\n");
  return regular;
}

void fault_table::expect_next_account(bool stream, std::string_view kind) {
  const auto answer = send_message(stream);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(answer.complete) << answer.problem;
  EXPECT_EQ(answer.header(name_header), "second");
  EXPECT_EQ(answer.header("x-baton-attempts"), "2");
  if (!kind.empty()) {
    EXPECT_EQ(answer.header("x-baton-retried"), kind);
  }
  if (stream) expect_whole_stream(answer);
  EXPECT_LE(seen_by("first").requests, 1u);
  EXPECT_EQ(seen_by("second").requests, 1u);
}

std::string fault_table::answered_by(bool stream, std::string_view model) {
  const auto answer = post("/v1/messages", new_message(stream, model));
  EXPECT_EQ(answer.status, 200) << answer.body;
  return answer.header(name_header).value_or("");
}

void fault_table::expect_whole_stream(const raw_answer& answer) {
  const auto events = test::parse_events(answer.body);
  ASSERT_EQ(events.size(), events_of_a_stream) << answer.body;
  EXPECT_EQ(events.front().name, "message_start");
  EXPECT_EQ(events.back().name, "message_stop");
  for (const auto& event : events) {
    EXPECT_TRUE(nlohmann::json::accept(event.data)) << event.data;
    EXPECT_NE(event.name, "error");
  }
}

void fault_table::expect_broken_stream(const raw_answer& answer, std::size_t whole_events) {
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.complete) << "a broken stream must not look complete";
  const auto events = test::parse_events(answer.body);
  ASSERT_EQ(events.size(), whole_events + 1) << answer.body;
  for (const auto& event : events) {
    EXPECT_TRUE(nlohmann::json::accept(event.data)) << event.data;
    EXPECT_EQ(event.name == "error", &event == &events.back()) << event.name;
  }
  EXPECT_THAT(events.back().data, testing::HasSubstr(R"("type":"error")"));
  EXPECT_THAT(answer.body, testing::EndsWith("\n\n"));
}

void fault_table::expect_broken_json(const raw_answer& answer) {
  EXPECT_FALSE(answer.complete) << answer.body.size() << " bytes look like a whole answer";
  EXPECT_FALSE(nlohmann::json::accept(answer.body));
}

bool fault_table::outcome_becomes(std::string_view outcome, double requests) const {
  return metric_becomes(
      R"(baton_requests_total{platform="claude-console",route="messages",outcome=")" +
          std::string(outcome) + "\"}",
      requests);
}

bool fault_table::account_state_becomes(std::string_view account, std::string_view state) const {
  return metric_becomes("baton_account_state{account=\"" + std::string(account) + "\",state=\"" +
                            std::string(state) + "\"}",
                        1);
}

std::string shape_name(const testing::TestParamInfo<bool>& shape) {
  return shape.param ? "sse" : "json";
}

void PrintTo(const named_fault& fault, std::ostream* out) {
  *out << fault.name;
}

std::string fault_name(const testing::TestParamInfo<named_fault>& fault) {
  return fault.param.name;
}

long long number_in(const raw_answer& answer, std::string_view header) {
  return text::parse_number<long long>(answer.header(header).value_or("")).value_or(-1);
}

}  // namespace baton::e2e
