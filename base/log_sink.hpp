// Writes log lines to a file descriptor without ever letting its reader stop the process.
//
// Lines go out at once, with one write() for a file and in pieces a pipe takes whole otherwise. A
// pipe or terminal that takes nothing is waited for once, for `patience`; after that lines are
// dropped without waiting until it takes some again, and their number is told then. A closed pipe
// or a full disk drops lines too.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "base/log_format.hpp"

namespace baton::log {

class descriptor_writer {
 public:
  // `style` is that of its own report of dropped lines.
  descriptor_writer(int descriptor, format style,
                    std::chrono::milliseconds patience = std::chrono::milliseconds(200));

  // From any thread.
  void write(std::string_view lines);

 private:
  bool write_all(std::string_view lines);
  bool write_piece(std::string_view piece);
  bool writable();
  bool report_dropped();

  const int descriptor_;
  const format style_;
  const std::chrono::milliseconds patience_;
  const bool is_file_;  // never blocks for a reader
  std::mutex mutex_;
  bool stuck_ = false;
  std::uint64_t dropped_lines_ = 0;
};

}  // namespace baton::log
