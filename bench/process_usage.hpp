// CPU time and memory of other processes, out of /proc (proc(5)).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace baton::bench {

struct process_usage {
  std::chrono::microseconds cpu{0};  // user and system; counted by the kernel in steps of 10 ms
  std::uint64_t resident_kb = 0;
};

// The sum over the processes; one that does not exist counts nothing.
process_usage usage_of(const std::vector<pid_t>& processes);

}  // namespace baton::bench
