#include "actors/runtime/fault_handlers.hpp"

#include <stdexcept>

#include "actors/runtime/actor_fixture.test.hpp"

namespace baton::runtime {
namespace {

// Throws at 0 and answers other numbers.
class brittle final : public pinned_actor {
 public:
  using pinned_actor::pinned_actor;
  caf::behavior make_behavior() override {
    return {[](int number) {
      if (number == 0) throw std::runtime_error("division by zero");
      return 100 / number;
    }};
  }
};

class unborn final : public pinned_actor {
 public:
  using pinned_actor::pinned_actor;
  caf::behavior make_behavior() override { throw 7; }
};

class faults : public actor_test {
 protected:
  void expect_death(const caf::actor& whom) {
    caf::scoped_actor self{system_};
    self->monitor(whom);
    self->receive(
        [](const caf::down_msg& down) {
          EXPECT_EQ(down.reason, caf::exit_reason::unhandled_exception);
        },
        caf::after(patience) >> [] { FAIL() << "it lives"; });
  }
};

TEST_F(faults, an_exception_ends_the_actor_and_nothing_else) {
  const auto failing = spawn<brittle>(at(0));
  const auto other = spawn<brittle>(at(0));
  EXPECT_EQ(ask<int>(failing, 5), 20);
  EXPECT_EQ(ask<int>(failing, 0), std::nullopt);
  expect_death(failing);
  EXPECT_EQ(ask<int>(failing, 5), std::nullopt);
  EXPECT_EQ(ask<int>(other, 5), 20);
}

TEST_F(faults, an_exception_at_the_start_ends_the_actor) {
  expect_death(spawn<unborn>(at(1)));
}

TEST_F(faults, an_unknown_message_is_refused_and_the_actor_goes_on) {
  const auto actor = spawn<brittle>(at(0));
  caf::scoped_actor self{system_};
  self->request(actor, patience, std::string("what?"))
      .receive([](int) { FAIL(); },
               [](caf::error& why) { EXPECT_EQ(why, caf::sec::unexpected_message); });
  caf::anon_send(actor, std::string("what?"));
  EXPECT_EQ(ask<int>(actor, 4), 25);
}

}  // namespace
}  // namespace baton::runtime
