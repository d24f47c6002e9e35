#include "storage/ledger/ledger_writer.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

#include "storage/ledger/index_file.hpp"

namespace baton::storage {
namespace {

constexpr std::uint64_t segment_bytes_min = 64 * 1024;
constexpr std::uint64_t segment_bytes_max = 1024 * 1024 * 1024;

error invalid(const std::string& what) {
  return internal_error(error_code::invalid_argument, "the usage ledger's " + what);
}

result<void> check(const ledger_options& options) {
  if (options.segment_bytes < segment_bytes_min || options.segment_bytes > segment_bytes_max) {
    return invalid("segment_bytes must be 64 kB to 1 GiB");
  }
  if (options.segment_span < std::chrono::hours(1)) {
    return invalid("segment_span must be an hour or more");
  }
  if (options.last_number > std::numeric_limits<std::uint64_t>::max() / 2) {
    return invalid("last_number must be below 2^63");
  }
  return {};
}

std::uint64_t size_of(const std::filesystem::path& path) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(path, failure);
  return failure ? 0 : size;
}

}  // namespace

result<ledger_writer> ledger_writer::open(std::filesystem::path path,
                                          const ledger_options& options) {
  const auto checked = check(options);
  if (!checked) return checked.error();
  ledger_writer writer(std::move(path), options);
  auto done = writer.folder_.make();
  if (done) done = writer.lock();
  if (done) done = writer.recover();
  if (!done) return done.error();
  writer.make_missing();
  return writer;
}

result<void> ledger_writer::lock() {
  auto opened = ledger::file::open(folder_.lock(), O_RDWR | O_CREAT);
  if (!opened) return opened.error();
  lock_ = *std::move(opened);
  if (::flock(lock_.descriptor(), LOCK_EX | LOCK_NB) == 0) return {};
  if (errno != EWOULDBLOCK) return ledger::file_error("lock", lock_.path(), errno);
  return internal_error(error_code::conflict, "another process writes the usage ledger in " +
                                                  folder_.path().string() +
                                                  "; each server needs a folder of its own");
}

result<void> ledger_writer::recover() {
  const auto segments = folder_.segments();
  if (!segments) return segments.error();
  folder_.remove_strays(*segments);
  names_changed_ = true;
  if (segments->empty()) {
    auto made =
        ledger::active_segment::create(folder_, options_.last_number + 1, options_.segment_bytes);
    if (!made) return made.error();
    active_ = *std::move(made);
    return {};
  }
  for (std::size_t i = 0; i + 1 < segments->size(); ++i) {
    const auto recovered = recover_sealed((*segments)[i]);
    if (!recovered) return recovered;
  }
  auto found = ledger::active_segment::recover(folder_, segments->back(), options_.segment_bytes);
  if (!found) return found.error();
  active_ = *std::move(found);
  if (last_number() >= options_.last_number) return {};
  return begin_segment(options_.last_number + 1, options_.segment_bytes);
}

// What its index does not tell is read from the segment itself.
result<void> ledger_writer::recover_sealed(std::uint64_t first_number) {
  sealed_segment segment{first_number, 0, size_of(folder_.segment(first_number)), {}, false};
  if (const auto index = ledger::map_index(folder_, first_number)) {
    segment.records = index->summary().records;
    segment.latest = index->summary().latest;
    segment.bytes += size_of(folder_.index(first_number));
    segment.indexed = true;
  } else {
    const auto opened = ledger::open_segment(folder_, first_number);
    if (!opened) return opened.error();
    ledger::index_builder builder(first_number);
    builder.extend(*opened);
    segment.records = builder.summary().records;
    // Of one that cannot be read nobody knows how old it is; it gets the longest time.
    segment.latest = segment.records > 0 ? builder.summary().latest : wall_now();
  }
  sealed_.push_back(segment);
  return {};
}

bool ledger_writer::must_begin_segment(std::size_t payload_bytes, wall_time last) const {
  if (!active_.has_room_for(payload_bytes)) return true;
  const auto span = ledger::seconds_between(active_.earliest(), last);
  return active_.records() > 0 && std::chrono::seconds(span) > options_.segment_span;
}

result<std::uint64_t> ledger_writer::append(std::string_view records, std::uint32_t count,
                                            wall_time first, wall_time last) {
  if (records.empty() || count == 0) return invalid("frame must have a record");
  if (records.size() > ledger::payload_bytes_max) return invalid("frame must have 64 MiB at most");
  if (must_begin_segment(records.size(), last)) {
    const auto least = ledger::segment_header_bytes + ledger::frame_header_bytes + records.size();
    const auto begun = begin_segment(active_.next_number(),
                                     std::max<std::uint64_t>(least, options_.segment_bytes));
    if (!begun) return begun.error();
  }
  return active_.append(records, count, first, last);
}

result<void> ledger_writer::begin_segment(std::uint64_t first_number, std::uint64_t capacity) {
  if (first_number == active_.first_number()) {
    active_.enlarge(capacity);
    return {};
  }
  auto whole = active_.seal();
  if (whole) whole = bring_to_disk(active_.opened());
  if (!whole) return whole;
  auto made = ledger::active_segment::create(folder_, first_number, capacity);
  if (!made) return made.error();
  const sealed_segment before{active_.first_number(), active_.records(), active_.bytes(),
                              active_.latest(), false};
  active_ = *std::move(made);
  names_changed_ = true;
  if (before.records == 0) return remove(before);
  sealed_.push_back(before);
  make_missing();
  return {};
}

void ledger_writer::make_missing() {
  for (auto& segment : sealed_) {
    if (!segment.indexed) make_index(segment);
  }
  if (size_of(folder_.spare()) >= options_.segment_bytes) return;
  auto spare = ledger::file::open(folder_.spare(), O_RDWR | O_CREAT);
  if (spare) spare->preallocate(options_.segment_bytes);
}

void ledger_writer::make_index(sealed_segment& segment) {
  const auto opened = ledger::open_segment(folder_, segment.first_number);
  if (!opened) return;
  ledger::index_builder builder(segment.first_number);
  builder.extend(*opened);
  const auto written = ledger::write_index(folder_, builder);
  if (!written) return;
  segment.bytes += *written;
  segment.indexed = true;
}

result<void> ledger_writer::bring_to_disk(const ledger::file& written) {
  auto same = written.duplicate();
  if (!same) return same.error();
  if (!background_) return same->sync();
  background_->add(*std::move(same));
  return {};
}

result<void> ledger_writer::sync() {
  auto done = background_ ? background_->take_outcome() : result<void>();
  if (done) done = bring_to_disk(active_.opened());
  if (!done || !names_changed_) return done;
  const auto named = ledger::file::open(folder_.path(), O_RDONLY | O_DIRECTORY);
  if (!named) return named.error();
  done = bring_to_disk(*named);
  if (done) names_changed_ = false;
  return done;
}

std::uint64_t ledger_writer::bytes() const {
  std::uint64_t sum = active_.bytes();
  for (const auto& segment : sealed_) sum += segment.bytes;
  return sum;
}

result<void> ledger_writer::remove(const sealed_segment& segment) {
  // The index goes second: without one, a reader would make it once more.
  for (const auto& path :
       {folder_.segment(segment.first_number), folder_.index(segment.first_number)}) {
    std::error_code failure;
    std::filesystem::remove(path, failure);
    if (failure) return ledger::file_error("remove", path, failure.value());
  }
  names_changed_ = true;
  return {};
}

result<std::uint64_t> ledger_writer::remove_older_than(wall_time time, std::uint64_t counted) {
  if (active_.records() > 0 && active_.latest() < time) {
    const auto begun = begin_segment(active_.next_number(), options_.segment_bytes);
    if (!begun) return begun.error();
  }
  std::uint64_t records = 0;
  // One that a wrong clock has dated ahead does not keep those behind it.
  for (auto segment = sealed_.begin(); segment != sealed_.end();) {
    if (segment->latest >= time || segment->last_number() > counted) {
      ++segment;
      continue;
    }
    const auto removed = remove(*segment);
    if (!removed) return removed.error();
    records += segment->records;
    segment = sealed_.erase(segment);
  }
  make_missing();
  return records;
}

result<std::uint64_t> ledger_writer::keep_at_most(std::uint64_t limit, std::uint64_t counted) {
  std::uint64_t records = 0;
  while (bytes() > limit && !sealed_.empty() && sealed_.front().last_number() <= counted) {
    const auto removed = remove(sealed_.front());
    if (!removed) return removed.error();
    records += sealed_.front().records;
    sealed_.erase(sealed_.begin());
  }
  make_missing();
  return records;
}

}  // namespace baton::storage
