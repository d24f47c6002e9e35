#include "bench/process_usage.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace baton::bench {

namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

process_usage usage_of(pid_t process) {
  process_usage usage;
  const std::string folder = "/proc/" + std::to_string(process);
  // The second field, the program's name in parentheses, may contain spaces.
  const std::string stat = read_file(folder + "/stat");
  std::istringstream fields(stat.substr(std::min(stat.rfind(')') + 1, stat.size())));
  std::string skipped;
  for (int field = 3; field <= 13; ++field) fields >> skipped;
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  fields >> user_ticks >> system_ticks;
  const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  usage.cpu = std::chrono::microseconds((user_ticks + system_ticks) * 1'000'000 / ticks_per_second);

  const std::string status = read_file(folder + "/status");
  const auto resident = status.find("VmRSS:");
  if (resident != std::string::npos) {
    std::istringstream(status.substr(resident + 6)) >> usage.resident_kb;
  }
  return usage;
}

}  // namespace

process_usage usage_of(const std::vector<pid_t>& processes) {
  process_usage sum;
  for (const pid_t process : processes) {
    const process_usage one = usage_of(process);
    sum.cpu += one.cpu;
    sum.resident_kb += one.resident_kb;
  }
  return sum;
}

}  // namespace baton::bench
