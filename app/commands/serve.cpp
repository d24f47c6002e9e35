#include "app/commands/serve.hpp"

#include <signal.h>
#include <unistd.h>

#include <ctime>
#include <future>
#include <iostream>

#include "app/server.hpp"
#include "base/log.hpp"
#include "base/version.hpp"

namespace baton::app {
namespace {

constexpr std::chrono::milliseconds signal_poll{100};

// SIGINT and SIGTERM are taken here, one at a time, instead of interrupting a thread.
class stop_signals {
 public:
  stop_signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    // Threads started from now on inherit this.
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    signal(SIGPIPE, SIG_IGN);
  }

  int wait() const {
    int number = 0;
    sigwait(&set_, &number);
    return number;
  }
  // Whether one has come within `time`.
  bool comes_within(std::chrono::milliseconds time) const {
    const timespec limit{time.count() / 1000, (time.count() % 1000) * 1'000'000};
    return sigtimedwait(&set_, nullptr, &limit) > 0;
  }

 private:
  sigset_t set_{};
};

void show_admin_password(const config& settings, const std::string& password) {
  std::cout << "\nThe administrator's account was made. This is shown only once:\n\n"
            << "  user name  " << settings.admin.username << "\n  password   " << password << "\n"
            << std::endl;
}

}  // namespace

int serve(const config& settings, const serve_options& options) {
  const stop_signals signals;
  auto started = server::start(settings);
  if (!started) {
    log::error("baton cannot start", {{"reason", started.error().text}});
    return 1;
  }
  auto& running = **started;
  if (running.new_admin_password()) show_admin_password(settings, *running.new_admin_password());
  log::info("listening", {{"host", settings.server.host},
                          {"port", running.port()},
                          {"workers", worker_count(settings)},
                          {"data_dir", settings.storage.data_dir},
                          {"version", version()}});
  if (options.on_listening) options.on_listening(running.port());

  signals.wait();
  log::info("stopping", {{"drain_ms", settings.server.drain.count()}});
  auto stopping = std::async(std::launch::async, [&] {
    const bool all_stored = running.stop(settings.server.drain);
    started->reset();
    return all_stored;
  });
  while (stopping.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    if (!signals.comes_within(signal_poll)) continue;
    log::warn("stopped at once by a second signal");
    _exit(1);
  }
  const bool stored = stopping.get();
  log::info("stopped");
  return stored ? 0 : 1;
}

}  // namespace baton::app
