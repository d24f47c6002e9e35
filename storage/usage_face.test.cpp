#include "storage/usage_face.hpp"

#include <gtest/gtest.h>

namespace baton::storage {
namespace {

TEST(usage_face, numbers_of_stored_rows_stay_what_they_are) {
  EXPECT_EQ(usage_kind(usage_face::detail, period::hour), 1);
  EXPECT_EQ(usage_kind(usage_face::detail, period::day), 2);
  EXPECT_EQ(usage_kind(usage_face::detail, period::month), 3);
  EXPECT_EQ(usage_kind(usage_face::models, period::hour), 11);
  EXPECT_EQ(usage_kind(usage_face::models, period::month), 13);
  EXPECT_EQ(usage_kind(usage_face::keys, period::day), 22);
  EXPECT_EQ(usage_kind(usage_face::sum, period::hour), 31);
  EXPECT_EQ(usage_kind(usage_face::sum, period::month), 33);
  EXPECT_EQ(usage_kind(usage_face::key_models, period::day), 42);
}

TEST(usage_face, the_smallest_that_can_answer_is_read) {
  usage_query query;
  EXPECT_EQ(face_for(query), usage_face::sum);
  query.group = usage_group::key;
  EXPECT_EQ(face_for(query), usage_face::keys);
  query.group = usage_group::model;
  EXPECT_EQ(face_for(query), usage_face::models);
  query.keys = {key_id("k")};
  EXPECT_EQ(face_for(query), usage_face::key_models);
  query.group = usage_group::account;
  EXPECT_EQ(face_for(query), usage_face::detail);
  query.group = usage_group::none;
  EXPECT_EQ(face_for(query), usage_face::keys);
  query.platforms = {"gemini"};
  EXPECT_EQ(face_for(query), usage_face::detail);
  query.keys.clear();
  EXPECT_EQ(face_for(query), usage_face::models);
  query.group = usage_group::key;
  EXPECT_EQ(face_for(query), usage_face::detail);
  query.platforms.clear();
  query.models = {"m"};
  EXPECT_EQ(face_for(query), usage_face::key_models);
}

TEST(usage_face, a_row_is_counted_under_what_the_face_tells_apart) {
  usage_row row;
  row.key = key_id("k");
  row.account = account_id("a");
  row.platform = "p";
  row.model = "m";
  const auto detail = series_of(usage_face::detail, row);
  EXPECT_EQ(detail.key, "k");
  EXPECT_EQ(detail.model, "m");
  const auto models = series_of(usage_face::models, row);
  EXPECT_EQ(models.key, "");
  EXPECT_EQ(models.account, "a");
  const auto keys = series_of(usage_face::keys, row);
  EXPECT_EQ(keys.key, "k");
  EXPECT_EQ(keys.platform, "");
  EXPECT_EQ(series_of(usage_face::sum, row).key, "");
  const auto key_models = series_of(usage_face::key_models, row);
  EXPECT_EQ(key_models.key, "k");
  EXPECT_EQ(key_models.model, "m");
  EXPECT_EQ(key_models.account, "");
}

}  // namespace
}  // namespace baton::storage
