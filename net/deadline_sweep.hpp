// Coarse deadlines for everything on one worker: one timer walks all entries ten times a second, so
// that setting a deadline is storing a time, not starting a timer.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <memory>

#include "base/event_loop.hpp"
#include "base/time.hpp"

namespace baton::net {

class deadline_sweep {
 public:
  // A deadline is noticed up to twice as much later than asked, never earlier.
  static constexpr std::chrono::milliseconds resolution{100};

  using hook =
      boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

  // Something with a deadline. Leaves the sweep when it is destroyed.
  class entry : public hook {
   public:
    virtual ~entry() = default;
    // By the sweep's own clock, so that setting a deadline reads none. Only after add().
    void expire_after(std::chrono::milliseconds delay) { deadline_ = moment_after(delay); }
    // At most `resolution` late, like the others.
    void expire_at(steady_time moment) { deadline_ = moment; }
    // When a delay that begins now is over, by the sweep's own clock.
    steady_time moment_after(std::chrono::milliseconds delay) const {
      return owner_->now_ + delay + resolution;
    }
    // The time of the last sweep.
    steady_time swept_at() const { return owner_->now_; }
    void never_expire() { deadline_ = steady_time::max(); }

   protected:
    // The deadline has passed; it is cleared before the call. Must not destroy other entries.
    virtual void on_deadline() = 0;

   private:
    friend class deadline_sweep;
    deadline_sweep* owner_ = nullptr;
    steady_time deadline_ = steady_time::max();
  };

  explicit deadline_sweep(event_loop& loop);
  void add(entry& member) {
    member.owner_ = this;
    entries_.push_back(member);
  }
  void start();
  void stop() { timer_.cancel(); }

 private:
  void sweep(steady_time now);

  event_loop& loop_;
  steady_time now_ = steady_now();  // as of the last sweep
  boost::asio::steady_timer timer_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
  boost::intrusive::list<entry, boost::intrusive::constant_time_size<false>> entries_;
};

}  // namespace baton::net
