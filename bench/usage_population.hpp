// Made-up requests for measurements of the ledger: some keys ask for most, some hardly ever.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "storage/ledger/ledger_codec.hpp"

namespace baton::bench {

struct population_options {
  std::uint64_t records = 1'000'000;
  std::size_t keys = 1000;
  std::size_t models = 20;
  std::size_t accounts = 50;
  std::int64_t days = 90;
};

class usage_population {
 public:
  // The same for the same options.
  explicit usage_population(const population_options& options);

  // The record of this number, whose texts stay until the next call. Those of all numbers are
  // spread evenly over the days before now.
  const storage::usage_record_view& record(std::uint64_t number);

  const std::vector<std::string>& keys() const { return keys_; }  // the last twentieth is rare
  const std::vector<std::string>& accounts() const { return accounts_; }
  const std::vector<std::string>& models() const { return models_; }

 private:
  std::size_t skewed(std::size_t count);
  const std::string& random_key();

  population_options options_;
  std::vector<std::string> keys_;
  std::vector<std::string> accounts_;
  std::vector<std::string> models_;
  std::string request_id_;
  std::mt19937_64 random_{20251101};
  wall_time begin_;
  storage::usage_record_view record_;
};

}  // namespace baton::bench
