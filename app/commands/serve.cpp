#include "app/commands/serve.hpp"

#include <fcntl.h>
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

bool has_terminal() {
  const int terminal = ::open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (terminal >= 0) ::close(terminal);
  return terminal >= 0;
}

bool is_ignored(int number) {
  struct sigaction now {};
  return ::sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

// SIGINT, SIGTERM and SIGHUP are taken here, one at a time, instead of interrupting a thread.
//
// SIGHUP is an order to read prices and certificates anew, unless it tells what it was made for:
// that the terminal is gone which the relay was started from, without nohup.
class signals {
 public:
  signals() : ends_with_terminal_(has_terminal() && !is_ignored(SIGHUP)) {
    sigemptyset(&stops_);
    sigaddset(&stops_, SIGINT);
    sigaddset(&stops_, SIGTERM);
    auto taken = stops_;
    sigaddset(&taken, SIGHUP);
    // Threads started from now on inherit this.
    pthread_sigmask(SIG_BLOCK, &taken, nullptr);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error, like a full disk
  }

  // Calls `reload` for each order to, and returns when it is time to stop.
  template <class Reload>
  void wait_for_stop(Reload reload) const {
    auto taken = stops_;
    sigaddset(&taken, SIGHUP);
    for (;;) {
      int number = 0;
      sigwait(&taken, &number);
      if (number != SIGHUP || (ends_with_terminal_ && !has_terminal())) return;
      reload();
    }
  }
  // Whether another order to stop has come within `time`.
  bool stop_comes_within(std::chrono::milliseconds time) const {
    const timespec limit{time.count() / 1000, (time.count() % 1000) * 1'000'000};
    return sigtimedwait(&stops_, nullptr, &limit) > 0;
  }

 private:
  const bool ends_with_terminal_;
  sigset_t stops_{};
};

void show_admin_password(const config& settings, const std::string& password) {
  std::cout << "\nThe administrator's account was made. This is shown only once:\n\n"
            << "  user name  " << settings.admin.username << "\n  password   " << password << "\n"
            << std::endl;
}

}  // namespace

int serve(const config& settings, const serve_options& options) {
  const signals orders;
  auto started = server::start(settings);
  if (!started) {
    log::error("baton cannot start", {{"reason", started.error().text}});
    return 1;
  }
  auto& running = **started;
  if (running.new_admin_password()) show_admin_password(settings, *running.new_admin_password());
  log::info("listening", {{"host", settings.server.host},
                          {"port", running.port()},
                          {"tls", !settings.server.tls_cert_file.empty()},
                          {"admin", running.admin_address()},
                          {"workers", worker_count(settings)},
                          {"data_dir", settings.storage.data_dir},
                          {"version", version()}});
  if (options.on_listening) options.on_listening(running.port());

  orders.wait_for_stop([&running] { running.reload_files(); });
  log::info("stopping", {{"drain_ms", settings.server.drain.count()}});
  auto stopping = std::async(std::launch::async, [&] {
    const bool all_stored = running.stop(settings.server.drain);
    started->reset();
    return all_stored;
  });
  while (stopping.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    if (!orders.stop_comes_within(signal_poll)) continue;
    log::warn("stopped at once by a second signal");
    _exit(1);
  }
  const bool stored = stopping.get();
  log::info("stopped");
  return stored ? 0 : 1;
}

}  // namespace baton::app
