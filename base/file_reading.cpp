#include "base/file_reading.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

namespace baton {
namespace {

// A file that was written so shortly before it was read may be written again without its time
// showing it. One whose time is in the future cannot: writing would give it the present.
constexpr std::chrono::seconds unsettled{2};

class descriptor {
 public:
  explicit descriptor(int opened) : opened_(opened) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (opened_ >= 0) ::close(opened_);
  }
  int number() const { return opened_; }

 private:
  const int opened_;
};

error unreadable(const std::string& path, const std::string& why = {}) {
  return downstream_error(error_code::invalid_argument, path + " cannot be read" + why);
}

file_stamp stamp_of(const struct stat& facts) {
  return {
      .device = static_cast<std::uint64_t>(facts.st_dev),
      .inode = static_cast<std::uint64_t>(facts.st_ino),
      .bytes = static_cast<std::uint64_t>(facts.st_size),
      .modified_ns = std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec};
}

bool is_settled(const file_stamp& stamp, wall_time now) {
  const wall_time modified(std::chrono::milliseconds(stamp.modified_ns / 1'000'000));
  return modified + unsettled < now || modified > now + unsettled;
}

// To the end, or beyond `bytes_max`.
bool read_all(int file, std::size_t bytes_max, std::string& text) {
  constexpr std::size_t step = 64 << 10;
  while (text.size() <= bytes_max) {
    const auto before = text.size();
    text.resize(before + step);
    const auto got = ::read(file, text.data() + before, step);
    text.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0) return true;
    if (got < 0 && errno != EINTR) return false;
  }
  return true;
}

}  // namespace

result<file_reading> read_file(const std::string& path, std::size_t bytes_max, wall_time now) {
  // O_NONBLOCK: opening a FIFO would wait for somebody to write into it.
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat facts {};
  if (file.number() < 0 || ::fstat(file.number(), &facts) != 0) return unreadable(path);
  if (!S_ISREG(facts.st_mode)) return unreadable(path, ": it is no file");
  file_reading found;
  if (!read_all(file.number(), bytes_max, found.text)) return unreadable(path);
  if (const auto stamp = stamp_of(facts); is_settled(stamp, now)) found.stamp = stamp;
  return found;
}

bool may_have_changed(const std::string& path, const std::optional<file_stamp>& stamp) {
  struct stat facts {};
  return !stamp || ::stat(path.c_str(), &facts) != 0 || stamp_of(facts) != *stamp;
}

}  // namespace baton
