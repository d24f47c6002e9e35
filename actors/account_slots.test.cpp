#include "actors/account_slots.hpp"

#include "actors/relay_fixture.test.hpp"

namespace baton::actors {
namespace {

using std::chrono::seconds;

class slots : public relay_actor_test {
 protected:
  std::pair<account_slots::number, std::shared_ptr<account_slots::slot>> take(
      const caf::actor& owner, seconds time = seconds(60)) {
    return slots_.take(owner.address(), now_ + time);
  }

  const steady_time now_ = steady_now();
  account_slots slots_;
};

TEST_F(slots, are_given_back_once) {
  const auto me = somebody();
  const auto [number, slot] = take(me);
  take(me);
  EXPECT_EQ(slots_.taken(), 2u);
  EXPECT_EQ(slots_.give_back(number), slot);
  EXPECT_EQ(slots_.give_back(number), nullptr);
  EXPECT_EQ(slots_.give_back(99), nullptr);
  EXPECT_EQ(slots_.taken(), 1u);
}

TEST_F(slots, have_numbers_that_do_not_come_again) {
  const auto me = somebody();
  const auto first = take(me).first;
  slots_.give_back(first);
  EXPECT_NE(take(me).first, first);
}

TEST_F(slots, are_reclaimed_when_their_lease_has_marked_them) {
  const auto [number, slot] = take(somebody());
  EXPECT_EQ(slots_.reclaim(now_), 0u);
  slot->returned = true;
  EXPECT_EQ(slots_.reclaim(now_), 1u);
  EXPECT_EQ(slots_.give_back(number), nullptr);
}

TEST_F(slots, are_reclaimed_when_their_time_is_over) {
  const auto me = somebody();
  take(me, seconds(10));
  take(me, seconds(20));
  EXPECT_EQ(slots_.reclaim(now_ + seconds(9)), 0u);
  EXPECT_EQ(slots_.reclaim(now_ + seconds(10)), 1u);
  EXPECT_EQ(slots_.taken(), 1u);
}

TEST_F(slots, are_reclaimed_when_their_owner_has_died) {
  const auto dying = somebody();
  take(dying);
  take(somebody());
  EXPECT_EQ(slots_.reclaim(now_), 0u);
  kill(dying);
  EXPECT_EQ(slots_.reclaim(now_), 1u);
  EXPECT_EQ(slots_.taken(), 1u);
}

}  // namespace
}  // namespace baton::actors
