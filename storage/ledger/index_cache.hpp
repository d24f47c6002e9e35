// The indexes that one reader has open.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "storage/ledger/index_file.hpp"

namespace baton::storage::ledger {

class index_cache {
 public:
  explicit index_cache(folder where) : folder_(std::move(where)) {}

  // The index of the segment as it is now. The newest segment has none on the disk and is read as
  // far as it has grown; so is one whose index is missing or damaged. Errors: as open_segment().
  result<std::shared_ptr<const record_index>> open(std::uint64_t segment, bool newest);

  // Whether the segment's index says so; false if there is none.
  bool has_none_between(std::uint64_t segment, std::optional<wall_time> from,
                        std::optional<wall_time> to);

  // The index was found to be damaged: the next open() reads the segment instead.
  void distrust(std::uint64_t segment);

  // Lets go of those whose segment is gone; `segments` is ascending.
  void keep_only(const std::vector<std::uint64_t>& segments);

 private:
  struct cached {
    std::shared_ptr<const record_index> index;
    std::uint64_t used = 0;  // larger is later
  };
  struct grown {
    std::shared_ptr<index_builder> index;
    std::uint64_t inode = 0;  // the file it was read from
    std::uint64_t used = 0;
  };
  using mapped_indexes = std::unordered_map<std::uint64_t, cached>;
  using built_indexes = std::unordered_map<std::uint64_t, grown>;

  std::shared_ptr<const record_index> mapped(std::uint64_t segment);
  result<std::shared_ptr<const record_index>> built(std::uint64_t segment);

  folder folder_;
  mapped_indexes mapped_;  // bounded: a process may have 65530 mappings
  built_indexes built_;    // bounded: they take memory of their own
  std::unordered_set<std::uint64_t> distrusted_;
  std::uint64_t uses_ = 0;
};

}  // namespace baton::storage::ledger
