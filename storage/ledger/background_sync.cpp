#include "storage/ledger/background_sync.hpp"

#include <algorithm>
#include <utility>

namespace baton::storage::ledger {

background_sync::~background_sync() {
  {
    const std::lock_guard lock(guard_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void background_sync::add(file duplicate) {
  {
    const std::lock_guard lock(guard_);
    const bool waits = std::any_of(waiting_.begin(), waiting_.end(), [&](const file& each) {
      return each.inode() == duplicate.inode();
    });
    if (waits) return;
    waiting_.push_back(std::move(duplicate));
  }
  changed_.notify_one();
}

result<void> background_sync::take_outcome() {
  const std::lock_guard lock(guard_);
  return std::exchange(outcome_, {});
}

void background_sync::run() {
  std::unique_lock lock(guard_);
  for (;;) {
    changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto next = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    lock.unlock();
    const auto synced = next.sync();
    next = {};
    lock.lock();
    if (!synced) outcome_ = synced;
  }
}

}  // namespace baton::storage::ledger
