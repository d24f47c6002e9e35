// What came of trying an account with a small request.
#pragma once

#include <chrono>
#include <string>

namespace baton::relay {

struct account_trial {
  bool works = false;
  int status = 0;                        // of the upstream's answer; 0: there was none
  std::chrono::milliseconds latency{0};  // until the answer had begun
  std::string model;                     // that was asked for; empty: the platform is tried without
  std::string problem;                   // one line, without secrets; empty if it works
};

}  // namespace baton::relay
