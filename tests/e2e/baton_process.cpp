#include "tests/e2e/baton_process.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

constexpr std::chrono::seconds start_time_max{20};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::string durability_of(const app::config& settings) {
  return settings.usage.durability == app::usage_durability::strict ? "strict" : "batched";
}

}  // namespace

baton_process::baton_process(const app::config& settings) : port_(unused_port()) {
  std::vector<std::string> arguments = {BATON_PROGRAM, "serve",
                                        "--data-dir",  settings.storage.data_dir,
                                        "--port",      std::to_string(port_),
                                        "--workers",   std::to_string(settings.server.workers),
                                        "--log-level", "error"};
  std::vector<std::string> environment = {"ENCRYPTION_KEY=" + settings.storage.encryption_key,
                                          "ADMIN_PASSWORD=" + settings.admin.password,
                                          "BATON_USAGE_DURABILITY=" + durability_of(settings)};
  if (!settings.pricing.file.empty()) {
    environment.push_back("BATON_PRICING_FILE=" + settings.pricing.file);
  }
  const auto failed = ::posix_spawn(&process_, BATON_PROGRAM, nullptr, nullptr,
                                    pointers(arguments).data(), pointers(environment).data());
  if (failed != 0) throw std::runtime_error("cannot start " BATON_PROGRAM);
  if (!eventually([this] { return answers(); }, start_time_max)) {
    throw std::runtime_error(BATON_PROGRAM " does not answer");
  }
}

baton_process::~baton_process() {
  if (process_ <= 0) return;
  send_signal(SIGKILL);
  wait();
}

bool baton_process::answers() const {
  try {
    return test::get(port_, "/health").status == 200;
  } catch (const std::runtime_error&) {
    return false;
  }
}

void baton_process::send_signal(int number) const {
  ::kill(process_, number);
}

int baton_process::wait() {
  int status = 0;
  ::waitpid(std::exchange(process_, -1), &status, 0);
  return status;
}

std::size_t baton_process::resident_bytes() const {
  std::ifstream file("/proc/" + std::to_string(process_) + "/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace baton::e2e
