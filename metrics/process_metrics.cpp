#include "metrics/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include "base/version.hpp"

namespace baton::metrics {
namespace {

using prometheus::MetricType;

prometheus::MetricFamily single(std::string name, std::string help, MetricType type, double value) {
  prometheus::ClientMetric metric;
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return {std::move(name), std::move(help), type, {std::move(metric)}};
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::optional<double> resident_bytes() {
  std::ifstream file("/proc/self/statm");
  long total = 0;
  long resident = 0;
  if (!(file >> total >> resident)) return std::nullopt;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::optional<double> open_descriptors() {
  std::error_code failure;
  std::filesystem::directory_iterator entries("/proc/self/fd", failure);
  if (failure) return std::nullopt;
  return static_cast<double>(std::distance(begin(entries), end(entries)));
}

// Field 22 of /proc/self/stat counts clock ticks since boot; /proc/stat has the time of boot.
std::optional<double> start_time_seconds() {
  std::ifstream stat("/proc/self/stat");
  std::string line;
  if (!std::getline(stat, line)) return std::nullopt;
  std::istringstream rest(line.substr(line.rfind(')') + 2));
  std::string field;
  for (int index = 3; index <= 22; ++index) rest >> field;
  std::ifstream boot("/proc/stat");
  std::string name;
  double boot_time = 0;
  while (boot >> name) {
    if (name == "btime" && boot >> boot_time) {
      return boot_time + std::stod(field) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }
    std::getline(boot, line);
  }
  return std::nullopt;
}

}  // namespace

std::vector<prometheus::MetricFamily> collect_process_metrics() {
  std::vector<prometheus::MetricFamily> families;
  families.push_back(single("process_cpu_seconds_total", "User and system CPU time.",
                            MetricType::Counter, cpu_seconds()));
  if (const auto bytes = resident_bytes()) {
    families.push_back(
        single("process_resident_memory_bytes", "Resident memory.", MetricType::Gauge, *bytes));
  }
  if (const auto count = open_descriptors()) {
    families.push_back(
        single("process_open_fds", "Open file descriptors.", MetricType::Gauge, *count));
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.push_back(single("process_max_fds", "Limit of open file descriptors.",
                              MetricType::Gauge, static_cast<double>(limit.rlim_cur)));
  }
  static const auto started = start_time_seconds();
  if (started) {
    families.push_back(single("process_start_time_seconds", "Start, in seconds since 1970.",
                              MetricType::Gauge, *started));
  }
  auto build = single("baton_build_info", "1; the labels tell the build.", MetricType::Gauge, 1);
  build.metric.front().label = {{"version", std::string(version())}};
  families.push_back(std::move(build));
  return families;
}

}  // namespace baton::metrics
