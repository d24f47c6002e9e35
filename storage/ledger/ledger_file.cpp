#include "storage/ledger/ledger_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace baton::storage::ledger {

error file_error(std::string_view tried, const std::filesystem::path& path, int reason) {
  return internal_error(reason == ENOENT ? error_code::not_found : error_code::storage_failed,
                        "the usage ledger cannot " + std::string(tried) + ' ' + path.string() +
                            ": " + std::generic_category().message(reason));
}

file::file(std::filesystem::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

file::file(file&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

file& file::operator=(file&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

file::~file() {
  if (is_open()) ::close(descriptor_);
}

result<file> file::open(std::filesystem::path path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (descriptor < 0) return file_error("open", path, errno);
  return file(std::move(path), descriptor);
}

result<std::uint64_t> file::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return file_error("examine", path_, errno);
  return static_cast<std::uint64_t>(status.st_size);
}

std::uint64_t file::inode() const {
  struct stat status {};
  return ::fstat(descriptor_, &status) == 0 ? status.st_ino : 0;
}

result<std::size_t> file::read_at(std::uint64_t offset, char* to, std::size_t count) const {
  std::size_t done = 0;
  while (done < count) {
    const auto got =
        ::pread(descriptor_, to + done, count - done, static_cast<off_t>(offset + done));
    if (got == 0) break;
    if (got > 0) {
      done += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      return file_error("read", path_, errno);
    }
  }
  return done;
}

result<void> file::write_at(std::uint64_t offset, std::initializer_list<std::string_view> parts) {
  for (std::string_view part : parts) {
    while (!part.empty()) {
      const auto written =
          ::pwrite(descriptor_, part.data(), part.size(), static_cast<off_t>(offset));
      if (written > 0) {
        offset += static_cast<std::uint64_t>(written);
        part.remove_prefix(static_cast<std::size_t>(written));
      } else if (written == 0 || errno != EINTR) {
        return file_error("write", path_, written == 0 ? ENOSPC : errno);
      }
    }
  }
  return {};
}

result<void> file::truncate(std::uint64_t bytes) {
  if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) {
    return file_error("shorten", path_, errno);
  }
  return {};
}

bool file::preallocate(std::uint64_t bytes) {
  // Not posix_fallocate(): where this is not supported, it would write to every block.
  return ::fallocate(descriptor_, 0, 0, static_cast<off_t>(bytes)) == 0;
}

result<file> file::duplicate() const {
  const int other = ::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0);
  if (other < 0) return file_error("duplicate", path_, errno);
  return file(path_, other);
}

result<void> file::sync() {
  if (::fdatasync(descriptor_) != 0) return file_error("write to disk", path_, errno);
  return {};
}

}  // namespace baton::storage::ledger
