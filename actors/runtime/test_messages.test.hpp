// Messages of the runtime's own tests, and an actor that answers them when it is told to.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/response_promise.hpp>
#include <memory>
#include <vector>

#include "actors/runtime/pinned_actor.hpp"
#include "base/lease.hpp"

namespace baton::runtime {

struct test_order {
  int number = 0;
};
// Carries a unit that must find its way back wherever the reply ends.
struct test_reply {
  int number = 0;
  std::shared_ptr<lease> unit;
};
struct answer_all {
  std::shared_ptr<lease> unit;
};
struct answer_at_once {};
struct count_kept {};

}  // namespace baton::runtime

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(baton::runtime::test_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(baton::runtime::test_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(baton::runtime::answer_all)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(baton::runtime::answer_at_once)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(baton::runtime::count_kept)

namespace baton::runtime {

// Keeps its orders without an answer until answer_all, or answers at once from answer_at_once on.
class keeper final : public pinned_actor {
 public:
  using pinned_actor::pinned_actor;

  caf::behavior make_behavior() override {
    return {
        [this](const test_order& order) -> caf::result<test_reply> {
          if (at_once_) return test_reply{order.number, nullptr};
          numbers_.push_back(order.number);
          promises_.push_back(make_response_promise());
          return promises_.back();
        },
        [this](const answer_all& order) {
          const auto answered = static_cast<int>(promises_.size());
          for (std::size_t n = 0; n < promises_.size(); ++n) {
            promises_[n].deliver(test_reply{numbers_[n], order.unit});
          }
          promises_.clear();
          numbers_.clear();
          return answered;
        },
        [this](answer_at_once) { at_once_ = true; },
        [this](count_kept) { return static_cast<int>(promises_.size()); },
    };
  }
  void on_exit() override { fail_all(promises_); }

 private:
  std::vector<int> numbers_;
  std::vector<caf::response_promise> promises_;
  bool at_once_ = false;
};

}  // namespace baton::runtime
