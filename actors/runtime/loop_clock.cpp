#include "actors/runtime/loop_clock.hpp"

#include "actors/runtime/worker.hpp"

namespace baton::runtime {

using guard = std::lock_guard<std::recursive_mutex>;

loop_clock::loop_clock(worker& home) : home_(home), timer_(home.context()) {}

void loop_clock::set_ordinary_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                                      uint64_t id) {
  guard lock(mutex_);
  simple_actor_clock::set_ordinary_timeout(t, self, type, id);
  rearm_if_earlier(t);
}

void loop_clock::set_multi_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                                   uint64_t id) {
  guard lock(mutex_);
  simple_actor_clock::set_multi_timeout(t, self, type, id);
  rearm_if_earlier(t);
}

void loop_clock::set_request_timeout(time_point t, caf::abstract_actor* self, caf::message_id id) {
  guard lock(mutex_);
  simple_actor_clock::set_request_timeout(t, self, id);
  rearm_if_earlier(t);
}

void loop_clock::cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) {
  guard lock(mutex_);
  simple_actor_clock::cancel_ordinary_timeout(self, type);
}

void loop_clock::cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) {
  guard lock(mutex_);
  simple_actor_clock::cancel_request_timeout(self, id);
}

void loop_clock::cancel_timeouts(caf::abstract_actor* self) {
  guard lock(mutex_);
  simple_actor_clock::cancel_timeouts(self);
}

void loop_clock::schedule_message(time_point t, caf::strong_actor_ptr receiver,
                                  caf::mailbox_element_ptr content) {
  guard lock(mutex_);
  simple_actor_clock::schedule_message(t, std::move(receiver), std::move(content));
  rearm_if_earlier(t);
}

void loop_clock::schedule_message(time_point t, caf::group target, caf::strong_actor_ptr sender,
                                  caf::message content) {
  guard lock(mutex_);
  simple_actor_clock::schedule_message(t, std::move(target), std::move(sender), std::move(content));
  rearm_if_earlier(t);
}

void loop_clock::cancel_all() {
  guard lock(mutex_);
  simple_actor_clock::cancel_all();
}

void loop_clock::rearm_if_earlier(time_point t) {
  if (armed_for_ && *armed_for_ <= t) return;
  armed_for_ = t;
  home_.post([this] { arm(); });
}

void loop_clock::arm() {
  guard lock(mutex_);
  if (schedule().empty()) {
    armed_for_.reset();
    return;
  }
  armed_for_ = schedule().begin()->first;
  timer_.expires_at(*armed_for_);
  timer_.async_wait([this](const boost::system::error_code& failure) {
    if (!failure) fire();
  });
}

void loop_clock::fire() {
  event_loop::scope event(home_);
  guard lock(mutex_);
  trigger_expired_timeouts();
  arm();
}

}  // namespace baton::runtime
