// Files that are read whole and looked at again for changes while the server runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"

namespace baton {

// Tells one state of a file from another without reading it.
struct file_stamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;  // since 1970
  friend bool operator==(const file_stamp&, const file_stamp&) = default;
};

struct file_reading {
  std::string text;
  std::optional<file_stamp> stamp;  // none: a change after this reading might not show
};

// Waits for nobody, whatever the path leads to. Of a file that is larger than `bytes_max` so much
// is read that it shows. Errors: invalid_argument, with the path.
result<file_reading> read_file(const std::string& path, std::size_t bytes_max, wall_time now);

// Whether the file may be another one than when it had this stamp; without a stamp it may.
bool may_have_changed(const std::string& path, const std::optional<file_stamp>& stamp);

}  // namespace baton
