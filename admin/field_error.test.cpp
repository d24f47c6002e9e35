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

TEST(field_error, is_found_in_the_texts_of_other_checks) {
  const auto named = [](const char* text) {
    return std::string(
        field_of(with_named_field(downstream_error(error_code::invalid_argument, text))));
  };
  EXPECT_EQ(named("proxy.port must be 1 to 65535"), "proxy.port");
  EXPECT_EQ(named("apiKey, or accessKeyId and secretAccessKey, is required"), "apiKey");
  const auto own = with_named_field(field_error("tags[2]", "must be short"));
  EXPECT_EQ(field_of(own), "tags[2]");
  EXPECT_EQ(field_of(with_named_field(downstream_error(error_code::not_found, "name"))), "");
}

}  // namespace
}  // namespace baton::admin
