// CAF's clock (delayed messages and request timeouts), driven by one Asio timer on worker 0.
// Entries may be added and cancelled from any thread; the relay's hot path adds none.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <caf/detail/simple_actor_clock.hpp>
#include <mutex>
#include <optional>

namespace baton::runtime {

class worker;

class loop_clock final : public caf::detail::simple_actor_clock {
 public:
  explicit loop_clock(worker& home);

  void set_ordinary_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                            uint64_t id) override;
  void set_multi_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                         uint64_t id) override;
  void set_request_timeout(time_point t, caf::abstract_actor* self, caf::message_id id) override;
  void cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) override;
  void cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) override;
  void cancel_timeouts(caf::abstract_actor* self) override;
  void schedule_message(time_point t, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override;
  void schedule_message(time_point t, caf::group target, caf::strong_actor_ptr sender,
                        caf::message content) override;
  void cancel_all() override;

 private:
  void rearm_if_earlier(time_point t);
  void arm();
  void fire();

  worker& home_;
  boost::asio::steady_timer timer_;      // home's thread only
  std::optional<time_point> armed_for_;  // guarded by mutex_
  // Recursive: shipping a message to a dead actor may cancel its timeouts.
  std::recursive_mutex mutex_;
};

}  // namespace baton::runtime
