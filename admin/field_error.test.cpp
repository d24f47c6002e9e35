#include "admin/field_error.hpp"

#include <gtest/gtest.h>

namespace baton::admin {
namespace {

TEST(field_error, names_its_field) {
  const auto failure = field_error("proxy.port", "must be a whole number from 1 to 65535");
  EXPECT_EQ(failure.code, error_code::invalid_argument);
  EXPECT_EQ(failure.text, "proxy.port: must be a whole number from 1 to 65535");
  EXPECT_EQ(field_of(failure), "proxy.port");
}

TEST(field_error, of_another_kind_names_none) {
  EXPECT_EQ(field_of(downstream_error(error_code::not_found, "there is none")), "");
}

}  // namespace
}  // namespace baton::admin
