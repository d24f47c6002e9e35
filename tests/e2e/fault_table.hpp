// What the tests of the fault table share: an account that fails and is tried first, and one that
// works and is tried next. Each answer of the working one says who gave it.
//
// The table has two columns, JSON answers and streams; a test that is the same for both runs once
// for each (`in_both_shapes`).
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {

// A limit that a fault passes on purpose and a working account does not.
inline constexpr milliseconds short_limit{sanitized ? 1000 : 200};

class fault_table : public relay_fixture {
 protected:
  // What one worker has learned reaches another a moment later, which is not what is tested here.
  fault_table() { settings.server.workers = 1; }

  using account_change = std::function<void(relay::account&)>;

  void start_with_failing(const mock::behaviour& script, const account_change& change = {});

  // A regular answer that names `account`.
  static mock::behaviour answers_as(std::string_view account);
  // From now on its answers are regular ones.
  void mend(const std::string& account) {
    upstream->behave(credential(account), answers_as(account));
  }

  // Sends a message: a whole and regular answer comes from the second account, at the second try.
  // `kind`: the failure of the first, as x-baton-retried tells it; empty: any.
  void expect_next_account(bool stream, std::string_view kind = {});
  // Sends a message and returns the account that answered it.
  std::string answered_by(bool stream, std::string_view model = "claude-sonnet-4-5");

  static void expect_whole_stream(const raw_answer& answer);
  // `whole_events`, then the API's error event, then an end that no client takes for regular.
  static void expect_broken_stream(const raw_answer& answer, std::size_t whole_events);
  // A connection that breaks within a JSON answer.
  static void expect_broken_json(const raw_answer& answer);

  bool outcome_becomes(std::string_view outcome, double requests) const;
  bool account_state_becomes(std::string_view account, std::string_view state) const;
};

class in_both_shapes : public fault_table, public testing::WithParamInterface<bool> {
 protected:
  static bool stream() { return GetParam(); }
};

// The names of testing::Bool(), true being a stream.
std::string shape_name(const testing::TestParamInfo<bool>& shape);

// A parameter of a test: what a test's first account does.
struct named_fault {
  std::string name;
  mock::behaviour script;
  std::string kind{};  // of failure, as x-baton-retried tells it; empty: any
};
void PrintTo(const named_fault& fault, std::ostream* out);
std::string fault_name(const testing::TestParamInfo<named_fault>& fault);

// The number in a header; -1 if there is none.
long long number_in(const raw_answer& answer, std::string_view header);

}  // namespace baton::e2e
