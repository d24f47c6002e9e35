// What the requests of one worker have used since its last batch: their records in the ledger's
// form, and the same added up in rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "relay/request_record.hpp"
#include "storage/usage_query.hpp"
#include "storage/usage_tally.hpp"

namespace baton::actors {

struct usage_batch {
  std::string records;  // one after the other, see storage/ledger/ledger_codec.hpp
  std::uint32_t count = 0;
  wall_time first{};  // the earliest and the latest end of a request
  wall_time last{};
  std::vector<storage::usage_row> rows;
};

class usage_collector {
 public:
  // Takes in every relayed request of a known key; others are in no ledger.
  void add(const relay::request_record& ended);
  // Everything since the last take().
  usage_batch take();
  bool empty() const { return batch_.count == 0; }
  std::size_t bytes() const { return batch_.records.size(); }

 private:
  usage_batch batch_;  // its rows are in the tally
  storage::usage_tally tally_;
};

}  // namespace baton::actors
