#include "app/price_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "relay/bundled_prices.hpp"
#include "relay/price_file.hpp"

namespace baton::app {
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

error unusable(const std::string& what, const std::string& why) {
  return downstream_error(error_code::invalid_argument, what + why);
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

std::chrono::sys_days day_of(wall_time now) {
  return std::chrono::floor<std::chrono::days>(now);
}

// To the end, or to one byte more than a price file may have.
bool read_all(int file, std::string& text) {
  constexpr std::size_t step = 64 << 10;
  while (text.size() <= relay::price_file_bytes_max) {
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

result<relay::price_table> read_price_file(const std::string& path, wall_time now,
                                           std::optional<file_stamp>& stamp) {
  stamp.reset();
  // O_NONBLOCK: opening a FIFO would wait for somebody to write into it.
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat facts {};
  if (file.number() < 0 || ::fstat(file.number(), &facts) != 0) {
    return unusable(path, " cannot be read");
  }
  if (!S_ISREG(facts.st_mode)) return unusable(path, " cannot be read: it is no file");
  std::string text;
  if (!read_all(file.number(), text)) return unusable(path, " cannot be read");
  if (const auto read = stamp_of(facts); is_settled(read, now)) stamp = read;
  auto table = relay::read_price_file(text, day_of(now));
  if (!table) return unusable(path, ": " + table.error().text);
  return table;
}

result<relay::price_table> price_source::read(wall_time now) {
  if (file_.empty()) return relay::bundled_price_table(day_of(now));
  auto table = read_price_file(file_, now, stamp_);
  if (!table) return unusable("pricing.file: ", table.error().text);
  return table;
}

result<relay::price_table_ptr> price_source::load(wall_time now) {
  auto table = read(now);
  if (!table) return table.error();
  loaded_ = std::make_shared<const relay::price_table>(*std::move(table));
  return loaded_;
}

bool price_source::has_changed(wall_time now) const {
  const auto change = loaded_ ? loaded_->next_change() : std::nullopt;
  if (change && day_of(now) >= *change) return true;
  if (file_.empty()) return false;
  struct stat facts {};
  return !stamp_ || ::stat(file_.c_str(), &facts) != 0 || stamp_of(facts) != *stamp_;
}

std::optional<result<relay::price_table_ptr>> price_source::look(wall_time now, bool wanted) {
  if (!wanted && !has_changed(now)) return std::nullopt;
  auto table = read(now);
  if (!table) {
    const bool is_news = std::exchange(failure_, table.error().text) != table.error().text;
    if (!wanted && !is_news) return std::nullopt;
    return result<relay::price_table_ptr>(table.error());
  }
  const bool had_failed = !std::exchange(failure_, {}).empty();
  const bool is_same = loaded_ && loaded_->version() == table->version();
  if (is_same && !had_failed && !wanted) return std::nullopt;
  loaded_ = std::make_shared<const relay::price_table>(*std::move(table));
  return result<relay::price_table_ptr>(loaded_);
}

result<relay::price_table_ptr> load_prices(const pricing_settings& settings, wall_time now) {
  return price_source(settings.file).load(now);
}

}  // namespace baton::app
