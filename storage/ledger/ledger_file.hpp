// A file of the ledger, by its descriptor. Belongs to one thread; moved, not copied.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace baton::storage::ledger {

// storage_failed with what was tried, the file, and the reason that errno gives.
error file_error(std::string_view tried, const std::filesystem::path& path, int reason);

class file {
 public:
  file() = default;  // no file: only to be assigned to
  file(file&& other) noexcept;
  file& operator=(file&& other) noexcept;
  ~file();

  // `flags` as for open(2); a new file is its owner's only. not_found when there is none.
  static result<file> open(std::filesystem::path path, int flags);

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  const std::filesystem::path& path() const { return path_; }

  result<std::uint64_t> size() const;
  std::uint64_t inode() const;  // 0 if that cannot be told
  // At most `count` bytes into `to`; fewer only when the file ends. Returns how many.
  result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t count) const;
  // All parts one after the other, or an error: some of them may be written then.
  result<void> write_at(std::uint64_t offset, std::initializer_list<std::string_view> parts);
  result<void> truncate(std::uint64_t bytes);
  // Makes the file at least so long, with room on the disk for all of it. False: the file is as it
  // was, because the disk is full or its file system cannot do this.
  bool preallocate(std::uint64_t bytes);
  result<void> sync();  // the content, and the size; not the name
  // The same file by another descriptor.
  result<file> duplicate() const;

 private:
  file(std::filesystem::path path, int descriptor);

  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace baton::storage::ledger
