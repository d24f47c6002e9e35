#include "storage/reconcile.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/usage_range.hpp"
#include "storage/usage_tally.hpp"

namespace baton::storage {
namespace {

using std::chrono::days;
using std::chrono::hours;

wall_time next(period length, wall_time start) {
  switch (length) {
    case period::hour: return start + hours(1);
    case period::day: return start + days(1);
    case period::month:
    case period::all: break;
  }
  return start_of(period::month, start + days(31));
}

// The first period of this length that begins then or later.
wall_time first_whole(period length, wall_time time) {
  const auto begun = start_of(length, time);
  return begun == time ? time : next(length, begun);
}

class reconciliation {
 public:
  reconciliation(store& sums, ledger_reader& ledger, wall_time now, const reconcile_order& order)
      : sums_(sums), ledger_(ledger), now_(now), order_(order) {}

  result<reconcile_report> run() {
    const auto oldest = oldest_record();
    if (!oldest) return oldest.error();
    const auto wanted = order_.from.value_or(wall_time::min());
    const auto end = std::min(order_.to.value_or(now_), now_);
    const auto sums_from = std::max(wanted, oldest_sum());
    // The hour of the oldest record may have had others, which are removed.
    if (*oldest) plan(period::hour, std::max(wanted, **oldest), end);
    plan(period::day, std::max(sums_from, order_.hours_since), end);
    plan(period::month, std::max(sums_from, order_.days_since), end);
    for (const auto& [length, start] : plan_) {
      if (auto checked = check(length, start); !checked) return checked.error();
      if (order_.progress) order_.progress(++done_, plan_.size());
    }
    report_.damaged_frames = ledger_.damaged_frames();
    return std::move(report_);
  }

 private:
  result<std::optional<wall_time>> oldest_record() {
    std::optional<wall_time> oldest;
    const auto read =
        ledger_.each_after(0, [&](std::uint64_t, const usage_record_view& record) -> result<bool> {
          oldest = record.finished;
          return false;
        });
    if (!read) return read.error();
    return oldest;
  }

  void plan(period length, wall_time from, wall_time end) {
    for (auto at = first_whole(length, from); at < end; at = next(length, at)) {
      plan_.emplace_back(length, at);
    }
  }

  // The store has nothing from before this.
  wall_time oldest_sum() {
    usage_query query;
    query.granularity = period::month;
    const auto months = sums_.usage(query);
    return months && !months->empty() ? months->front().start : now_;
  }

  result<usage_check> check_one(period length, wall_time start) {
    if (length != period::hour) return sums_.check_sums(length, start, order_.what);
    const auto records = [&](std::uint64_t after, std::uint64_t up_to) {
      return rows_of_hour(start, after, up_to);
    };
    return sums_.check_hour(start, records, order_.what);
  }

  result<void> check(period length, wall_time start) {
    auto checked = check_one(length, start);
    if (!checked) return checked.error();
    report_.found += *std::move(checked);
    ++(length == period::hour  ? report_.hours
       : length == period::day ? report_.days
                               : report_.months);
    return {};
  }

  result<std::vector<usage_row>> rows_of_hour(wall_time hour, std::uint64_t after,
                                              std::uint64_t up_to) {
    usage_tally tally;
    const auto add = [&](std::uint64_t number, const usage_record_view& record) -> result<bool> {
      if (number > up_to) return false;
      if (record.finished < hour || record.finished >= hour + hours(1)) return true;
      ++report_.records;
      tally.add(record);
      return true;
    };
    result<void> read;
    if (after == 0) {
      read = ledger_.each_between(hour, hour + hours(1), up_to, add);
    } else if (after < up_to) {
      const auto last = ledger_.each_after(after, add);
      if (!last) read = last.error();
    }
    if (!read) return read.error();
    return tally.take();
  }

  store& sums_;
  ledger_reader& ledger_;
  const wall_time now_;
  const reconcile_order& order_;
  std::vector<std::pair<period, wall_time>> plan_;
  std::uint64_t done_ = 0;
  reconcile_report report_;
};

}  // namespace

result<reconcile_report> reconcile(store& sums, ledger_reader& ledger, wall_time now,
                                   const reconcile_order& order) {
  return reconciliation(sums, ledger, now, order).run();
}

}  // namespace baton::storage
