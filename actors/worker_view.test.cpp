#include "actors/worker_view.hpp"

#include <gtest/gtest.h>

namespace baton::actors {
namespace {

relay::key_directory_ptr directory_of(std::optional<wall_time> activated_at) {
  relay::api_key key;
  key.hash = "hash";
  key.activation = std::chrono::hours(1);
  key.activated_at = activated_at;
  return std::make_shared<const relay::key_directory>(std::vector{key});
}

TEST(worker_view, keeps_first_uses_until_the_directory_knows_them) {
  worker_view view;
  view.take_in(directory_of(std::nullopt));
  view.first_uses.try_emplace("hash");
  view.take_in(directory_of(std::nullopt));
  EXPECT_EQ(view.first_uses.size(), 1u);
  view.take_in(directory_of(wall_time{}));
  EXPECT_TRUE(view.first_uses.empty());
}

TEST(worker_view, tells_when_the_keys_have_changed) {
  worker_view view;
  std::vector<std::size_t> told;
  view.on_keys = [&] { told.push_back(view.keys->size()); };
  view.take_in(directory_of(std::nullopt));
  view.take_in(std::make_shared<const relay::key_directory>());
  EXPECT_EQ(told, (std::vector<std::size_t>{1, 0}));
}

TEST(worker_view, keeps_no_first_use_of_a_key_that_is_gone) {
  worker_view view;
  view.first_uses.try_emplace("hash");
  view.take_in(std::make_shared<const relay::key_directory>());
  EXPECT_TRUE(view.first_uses.empty());
}

}  // namespace
}  // namespace baton::actors
