// Proves that the sums of usage are those of the ledger's records, and makes them so.
//
// Hours are held against records, days against hours, months against days, each as far back as all
// of its parts are kept.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/error.hpp"
#include "base/time.hpp"
#include "storage/ledger/ledger_reader.hpp"
#include "storage/store.hpp"

namespace baton::storage {

struct reconcile_order {
  std::optional<wall_time> from;  // hours that begin then or later; else as far back as can be
  std::optional<wall_time> to;    // and before that; else up to now
  wall_time hours_since{};        // the sums of hours, and of days, are whole from these times on
  wall_time days_since{};
  repair what = repair::none;
  // Told after each period, with how many are done and how many there are.
  std::function<void(std::uint64_t done, std::uint64_t all)> progress = {};
};

struct reconcile_report {
  std::uint64_t records = 0;  // read
  std::uint64_t hours = 0;    // checked
  std::uint64_t days = 0;
  std::uint64_t months = 0;
  std::uint64_t damaged_frames = 0;  // in the ledger; their records are not among `records`
  usage_check found;
};

// Errors: storage_failed. What was repaired before stays so.
result<reconcile_report> reconcile(store& sums, ledger_reader& ledger, wall_time now,
                                   const reconcile_order& order);

}  // namespace baton::storage
