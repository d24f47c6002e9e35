#include "base/lease.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace baton {
namespace {

class counted : public ::testing::Test {
 protected:
  lease take() {
    ++taken_;
    return lease([this] { --taken_; });
  }
  int taken_ = 0;
};

using a_lease = counted;

TEST_F(a_lease, is_given_back_when_it_is_destroyed) {
  {
    const auto held = take();
    EXPECT_EQ(taken_, 1);
  }
  EXPECT_EQ(taken_, 0);
}

TEST_F(a_lease, is_given_back_once_however_often_it_is_released) {
  auto held = take();
  held.release();
  held.release();
  EXPECT_EQ(taken_, 0);
}

TEST_F(a_lease, moves_without_being_given_back) {
  auto first = take();
  auto second = std::move(first);
  EXPECT_EQ(taken_, 1);
  first.release();  // NOLINT(bugprone-use-after-move): holds nothing by contract
  EXPECT_EQ(taken_, 1);
  second.release();
  EXPECT_EQ(taken_, 0);
}

TEST_F(a_lease, gives_back_what_it_held_when_another_is_moved_in) {
  auto first = take();
  auto second = take();
  first = std::move(second);
  EXPECT_EQ(taken_, 1);
  auto& self = first;
  first = std::move(self);
  EXPECT_EQ(taken_, 1);
  first = lease();
  EXPECT_EQ(taken_, 0);
}

TEST_F(a_lease, may_be_of_nothing) {
  lease nothing;
  nothing.release();
}

TEST_F(a_lease, survives_a_growing_vector) {
  {
    std::vector<lease> held;
    for (int n = 0; n < 100; ++n) held.push_back(take());
    EXPECT_EQ(taken_, 100);
    held.erase(held.begin(), held.begin() + 40);
    EXPECT_EQ(taken_, 60);
  }
  EXPECT_EQ(taken_, 0);
}

// Whoever gets the unit may take it again at once, even from inside the call that gives it back.
TEST_F(a_lease, is_empty_before_it_is_given_back) {
  lease held;
  int given_back = 0;
  held = lease([&] {
    ++given_back;
    held.release();
  });
  held.release();
  EXPECT_EQ(given_back, 1);
}

}  // namespace
}  // namespace baton
