#include "base/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

namespace baton {
namespace {

TEST(error, every_code_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  const int last = static_cast<int>(error_code::internal);
  for (int code = 0; code <= last; ++code) names.insert(to_string(static_cast<error_code>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
}

TEST(error, says_whose_doing_it_is_and_what_may_be_tried) {
  const auto downstream = downstream_error(error_code::rate_limited, "slower");
  EXPECT_EQ(downstream.source, error_source::downstream);
  EXPECT_EQ(downstream.retry, retry_hint::never);
  EXPECT_EQ(downstream.text, "slower");
  EXPECT_EQ(downstream.retry_after, std::nullopt);

  const auto upstream = upstream_error(error_code::upstream_broken, "cut");
  EXPECT_EQ(upstream.source, error_source::upstream);
  EXPECT_EQ(upstream.retry, retry_hint::other_account);
  EXPECT_EQ(upstream_error(error_code::upstream_broken, "", retry_hint::same_account).retry,
            retry_hint::same_account);

  EXPECT_EQ(internal_error(error_code::storage_failed, "full").source, error_source::internal);
}

result<int> half(int n) {
  if (n % 2 != 0) return downstream_error(error_code::invalid_argument, "odd");
  return n / 2;
}

result<int> quarter(int n) {
  const auto halved = half(n);
  if (!halved) return halved.error();
  return half(*halved);
}

TEST(result, passes_a_value_or_an_error_on) {
  EXPECT_EQ(quarter(8).value(), 2);
  ASSERT_FALSE(quarter(6));
  EXPECT_EQ(quarter(6).error().code, error_code::invalid_argument);
  EXPECT_FALSE(quarter(5));
}

TEST(result, of_nothing_is_a_success_unless_it_holds_an_error) {
  EXPECT_TRUE(result<void>());
  const result<void> failed = internal_error(error_code::internal, "no");
  EXPECT_FALSE(failed);
}

TEST(result, throws_the_errors_text_when_its_value_is_wanted_all_the_same) {
  try {
    half(3).value();
    FAIL() << "it did not throw";
  } catch (const std::runtime_error& thrown) {
    EXPECT_EQ(thrown.what(), std::string("odd"));
  }
}

}  // namespace
}  // namespace baton
