#include "actors/ledger_count.hpp"

namespace baton::actors {
namespace {

// Of rows that wait for a store which does not take them: some 50 MB. What goes beyond is read from
// the ledger when the store is back.
constexpr std::size_t rows_max = 100'000;
constexpr std::uint64_t records_read_max = 20'000;

}  // namespace

ledger_count::ledger_count(std::uint64_t counted, std::uint64_t written)
    : counted_(counted), written_(written), behind_(counted < written) {}

void ledger_count::add(const std::vector<storage::usage_row>& rows, std::uint64_t last_number) {
  written_ = last_number;
  if (behind_) return;
  tally_.merge(rows);
  if (tally_.size() <= rows_max) return;
  tally_ = {};
  behind_ = true;
}

result<std::optional<uncounted_usage>> ledger_count::next(storage::ledger_reader& ledger) {
  if (!at_hand_ && behind_) {
    if (auto read = read_portion(ledger); !read) return read.error();
  } else if (!at_hand_ && !done()) {
    auto rows = std::make_shared<const std::vector<storage::usage_row>>(tally_.take());
    at_hand_ = uncounted_usage{std::move(rows), written_};
  }
  return at_hand_;
}

// A ledger whose last records are damaged gives fewer than were written; they are passed over.
result<void> ledger_count::read_portion(storage::ledger_reader& ledger) {
  storage::usage_tally tally;
  std::uint64_t taken = 0;
  std::uint64_t last_number = written_;
  const auto visit = [&](std::uint64_t number,
                         const storage::usage_record_view& record) -> result<bool> {
    tally.add(record);
    if (++taken < records_read_max) return true;
    last_number = number;
    return false;
  };
  const auto read = ledger.each_after(counted_, visit);
  if (!read) return read.error();
  at_hand_ = uncounted_usage{std::make_shared<const std::vector<storage::usage_row>>(tally.take()),
                             last_number};
  return {};
}

void ledger_count::settle() {
  counted_ = at_hand_->last_number;
  at_hand_.reset();
  if (done()) behind_ = false;
}

}  // namespace baton::actors
