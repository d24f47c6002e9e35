#include <gtest/gtest.h>

#include "relay/api.hpp"

namespace baton::relay {
namespace {

TEST(error_status, is_an_error_for_every_code) {
  for (int code = 0; code <= static_cast<int>(error_code::internal); ++code) {
    const int status = error_status(static_cast<error_code>(code));
    EXPECT_GE(status, 400) << code;
    EXPECT_LE(status, 504) << code;
  }
}

TEST(error_status, tells_whose_fault_it_is) {
  EXPECT_EQ(error_status(error_code::malformed_request), 400);
  EXPECT_EQ(error_status(error_code::unauthenticated), 401);
  EXPECT_EQ(error_status(error_code::permission_denied), 403);
  EXPECT_EQ(error_status(error_code::body_too_large), 413);
  EXPECT_EQ(error_status(error_code::upgrade_required), 426);
  EXPECT_EQ(error_status(error_code::not_implemented), 501);
  EXPECT_EQ(error_status(error_code::rate_limited), 429);
  EXPECT_EQ(error_status(error_code::upstream_unreachable), 502);
  EXPECT_EQ(error_status(error_code::no_account), 503);
  EXPECT_EQ(error_status(error_code::upstream_timeout), 504);
}

TEST(error_status, forbids_retries_of_final_answers_only) {
  for (int i = 0; i <= static_cast<int>(error_code::internal); ++i) {
    const auto code = static_cast<error_code>(i);
    const bool final = code == error_code::unauthenticated || code == error_code::rate_limited ||
                       code == error_code::no_account || code == error_code::overloaded;
    EXPECT_EQ(forbids_client_retry(code), final) << to_string(code);
  }
}

}  // namespace
}  // namespace baton::relay
