#include "net/deadline_sweep.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "net/test_loop.test.hpp"

namespace baton::net {
namespace {

using std::chrono::milliseconds;

class deadline_sweeping : public ::testing::Test {
 protected:
  deadline_sweeping() { sweep_.start(); }

  struct alarm final : deadline_sweep::entry {
    void on_deadline() override {
      ++rung;
      rang_at = steady_now();
    }
    int rung = 0;
    steady_time rang_at{};
  };

  test_loop loop_;
  deadline_sweep sweep_{loop_};
  alarm alarm_;
};

TEST_F(deadline_sweeping, a_deadline_is_never_noticed_early_and_soon_enough) {
  sweep_.add(alarm_);
  for (const auto delay : {milliseconds(0), milliseconds(50), milliseconds(130)}) {
    const auto before = alarm_.rung;
    const auto began = steady_now();
    alarm_.expire_after(delay);
    ASSERT_TRUE(loop_.run_until([&] { return alarm_.rung > before; }));
    EXPECT_GE(alarm_.rang_at - began, delay);
    // A loaded machine may be late; a sweep that never came would not get here.
    EXPECT_LT(alarm_.rang_at - began, delay + 20 * deadline_sweep::resolution);
  }
}

TEST_F(deadline_sweeping, a_deadline_passes_once) {
  sweep_.add(alarm_);
  alarm_.expire_after(milliseconds(0));
  ASSERT_TRUE(loop_.run_until([&] { return alarm_.rung == 1; }));
  EXPECT_FALSE(loop_.run_until([&] { return alarm_.rung > 1; }, 3 * deadline_sweep::resolution));
}

TEST_F(deadline_sweeping, a_deadline_can_be_put_off_and_given_up) {
  alarm put_off, given_up;
  sweep_.add(alarm_);
  sweep_.add(put_off);
  sweep_.add(given_up);
  for (auto* each : {&alarm_, &put_off, &given_up}) each->expire_after(milliseconds(0));
  put_off.expire_after(std::chrono::hours(1));
  given_up.never_expire();
  ASSERT_TRUE(loop_.run_until([&] { return alarm_.rung == 1; }));
  EXPECT_EQ(put_off.rung, 0);
  EXPECT_EQ(given_up.rung, 0);
}

TEST_F(deadline_sweeping, an_entry_without_a_deadline_is_left_alone) {
  alarm without;
  sweep_.add(without);
  sweep_.add(alarm_);
  alarm_.expire_after(milliseconds(0));
  ASSERT_TRUE(loop_.run_until([&] { return alarm_.rung == 1; }));
  EXPECT_EQ(without.rung, 0);
}

TEST_F(deadline_sweeping, a_destroyed_entry_has_left) {
  auto leaving = std::make_unique<alarm>();
  sweep_.add(*leaving);
  sweep_.add(alarm_);
  leaving->expire_after(milliseconds(0));
  alarm_.expire_after(milliseconds(0));
  leaving.reset();
  EXPECT_TRUE(loop_.run_until([&] { return alarm_.rung == 1; }));
}

// A step that takes too long is over when its deadline passes.
struct self_destroying final : deadline_sweep::entry {
  explicit self_destroying(std::unique_ptr<self_destroying>& owner) : owner_(owner) {}
  void on_deadline() override { owner_.reset(); }
  std::unique_ptr<self_destroying>& owner_;
};

TEST_F(deadline_sweeping, an_entry_may_destroy_itself_at_its_deadline) {
  std::unique_ptr<self_destroying> owned;
  owned = std::make_unique<self_destroying>(owned);
  sweep_.add(*owned);
  sweep_.add(alarm_);
  owned->expire_after(milliseconds(0));
  alarm_.expire_after(milliseconds(0));
  EXPECT_TRUE(loop_.run_until([&] { return !owned && alarm_.rung == 1; }));
}

TEST_F(deadline_sweeping, nothing_passes_once_it_is_stopped) {
  sweep_.add(alarm_);
  alarm_.expire_after(milliseconds(0));
  sweep_.stop();
  EXPECT_FALSE(loop_.run_until([&] { return alarm_.rung > 0; }, 3 * deadline_sweep::resolution));
}

}  // namespace
}  // namespace baton::net
