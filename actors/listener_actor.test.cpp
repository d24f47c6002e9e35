#include "actors/listener_actor.hpp"

#include "actors/connection_fixture.test.hpp"

namespace baton::actors {
namespace {

// Gives the test the door that clients come through.
class scripted_acceptor final : public acceptor_driver {
 public:
  struct door {
    on_session accept;  // the listener's thread only
    std::atomic<bool> open = false;
    std::atomic<bool> destroyed = false;
  };
  explicit scripted_acceptor(std::shared_ptr<door> used) : door_(std::move(used)) {}
  ~scripted_acceptor() override { door_->destroyed = true; }

  void start(on_session accept) override {
    door_->accept = std::move(accept);
    door_->open = true;
  }
  void stop() override {
    door_->open = false;
    door_->accept = nullptr;
  }

 private:
  std::shared_ptr<door> door_;
};

class listeners : public connection_test {
 protected:
  void SetUp() override {
    connection_test::SetUp();
    listener_ =
        spawn<listener_actor>(at(0), std::make_unique<scripted_acceptor>(door_), std::cref(peers_));
    ASSERT_TRUE(becomes_true([&] { return door_->open.load(); }));
  }
  void TearDown() override {
    listener_ = nullptr;
    connection_test::TearDown();
    EXPECT_EQ(traces_->alive, 0);
  }

  void accept(int count, scripted_session::script script = nullptr) {
    const int before = traces_->started;
    run_on(at(0), [&] {
      for (int n = 0; n < count; ++n) {
        door_->accept(std::make_unique<scripted_session>(traces_, script));
      }
    });
    ASSERT_TRUE(becomes_true([&] { return traces_->started == before + count; }));
  }
  bool none_is_left() { return ask<connections_ended>(listener_, await_connections{}).has_value(); }

  std::shared_ptr<scripted_acceptor::door> door_ = std::make_shared<scripted_acceptor::door>();
  caf::actor listener_;
};

task<void> finish_at_once(session_port& port) {
  port.finished();
  co_return;
}

TEST_F(listeners, make_a_connection_of_every_client) {
  accept(10);
  EXPECT_EQ(traces_->alive, 10);
}

TEST_F(listeners, forget_connections_that_have_ended) {
  accept(10, finish_at_once);
  EXPECT_TRUE(none_is_left());
  EXPECT_TRUE(all_gone());
}

TEST_F(listeners, without_connections_say_so_at_once) {
  EXPECT_TRUE(none_is_left());
}

TEST_F(listeners, that_stop_let_connections_finish_and_wait_for_them) {
  accept(5);
  caf::anon_send(listener_, stop_accepting{});
  EXPECT_TRUE(none_is_left());
  EXPECT_EQ(traces_->asked_to_finish, 5);
  EXPECT_TRUE(all_gone());
  EXPECT_FALSE(door_->open);
}

TEST_F(listeners, cut_connections_that_do_not_finish) {
  traces_->finishes_at_once = false;
  accept(5);
  caf::anon_send(listener_, cut_connections{});
  EXPECT_TRUE(none_is_left());
  EXPECT_TRUE(all_gone());
}

TEST_F(listeners, kill_connections_that_do_not_finish) {
  traces_->finishes_at_once = false;
  accept(5);
  caf::anon_send(listener_, stop_accepting{});
  ASSERT_TRUE(becomes_true([&] { return traces_->asked_to_finish == 5; }));
  caf::scoped_actor self{system_};
  auto waiting = self->request(listener_, patience, await_connections{});
  EXPECT_EQ(traces_->alive, 5);
  caf::anon_send(listener_, kill_connections{});
  bool ended = false;
  waiting.receive([&](connections_ended) { ended = true; }, [](caf::error&) {});
  EXPECT_TRUE(ended);
  EXPECT_EQ(traces_->alive, 0);
}

TEST_F(listeners, survive_a_connection_that_fails) {
  accept(2);
  accept(1, finish_at_once);
  accept(1);
  EXPECT_TRUE(becomes_true([&] { return traces_->alive == 3; }));
}

TEST_F(listeners, take_their_connections_with_them) {
  accept(3);
  caf::scoped_actor self{system_};
  auto waiting = self->request(listener_, patience, await_connections{});
  kill(listener_);
  EXPECT_TRUE(all_gone());
  EXPECT_TRUE(door_->destroyed);
  bool failed = false;
  waiting.receive([](connections_ended) {},
                  [&](caf::error& why) { failed = why != caf::sec::request_timeout; });
  EXPECT_TRUE(failed);
}

}  // namespace
}  // namespace baton::actors
