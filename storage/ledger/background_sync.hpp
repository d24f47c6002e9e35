// Brings files to the disk on a thread of its own, for a writer that must not wait for a slow one.
// Used from one thread; what it was given before it is destroyed is brought to the disk first.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "storage/ledger/ledger_file.hpp"

namespace baton::storage::ledger {

class background_sync {
 public:
  background_sync() : thread_([this] { run(); }) {}
  ~background_sync();
  background_sync(const background_sync&) = delete;
  background_sync& operator=(const background_sync&) = delete;

  // `duplicate` is one of the writer's files by a descriptor of its own. One that waits already is
  // not added again, which bounds the queue by the number of files that are written.
  void add(file duplicate);
  // Of what was done since this was last asked.
  result<void> take_outcome();

 private:
  void run();

  std::mutex guard_;
  std::condition_variable changed_;
  std::vector<file> waiting_;
  result<void> outcome_;
  bool ends_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace baton::storage::ledger
