#include "storage/ledger/index_cache.hpp"

#include <algorithm>

namespace baton::storage::ledger {
namespace {

constexpr std::size_t mapped_max = 4096;
constexpr std::size_t built_max = 4;

// Makes room for one more.
template <class Indexes>
void drop_least_used(Indexes& indexes, std::size_t most) {
  if (indexes.size() < most) return;
  indexes.erase(std::min_element(indexes.begin(), indexes.end(), [](const auto& a, const auto& b) {
    return a.second.used < b.second.used;
  }));
}

}  // namespace

result<std::shared_ptr<const record_index>> index_cache::open(std::uint64_t segment, bool newest) {
  if (!newest) {
    if (auto index = mapped(segment)) return index;
  }
  return built(segment);
}

std::shared_ptr<const record_index> index_cache::mapped(std::uint64_t segment) {
  if (const auto known = mapped_.find(segment); known != mapped_.end()) {
    known->second.used = ++uses_;
    return known->second.index;
  }
  if (distrusted_.contains(segment)) return nullptr;
  auto index = map_index(folder_, segment);
  if (!index) return nullptr;
  drop_least_used(mapped_, mapped_max);
  mapped_.emplace(segment, cached{index, ++uses_});
  return index;
}

result<std::shared_ptr<const record_index>> index_cache::built(std::uint64_t segment) {
  const auto opened = open_segment(folder_, segment);
  if (!opened) return opened.error();
  const auto inode = opened->inode();
  auto known = built_.find(segment);
  if (known == built_.end()) {
    drop_least_used(built_, built_max);
    known = built_.emplace(segment, grown{}).first;
  }
  auto& [index, read_from, used] = known->second;
  if (!index || read_from != inode) index = std::make_shared<index_builder>(segment);
  read_from = inode;
  used = ++uses_;
  index->extend(*opened);
  return std::shared_ptr<const record_index>(index);
}

bool index_cache::has_none_between(std::uint64_t segment, std::optional<wall_time> from,
                                   std::optional<wall_time> to) {
  if (!from && !to) return false;
  const auto index = mapped(segment);
  return index &&
         ((from && index->summary().latest < *from) || (to && index->summary().earliest >= *to));
}

void index_cache::distrust(std::uint64_t segment) {
  mapped_.erase(segment);
  distrusted_.insert(segment);
}

void index_cache::keep_only(const std::vector<std::uint64_t>& segments) {
  const auto gone = [&](std::uint64_t segment) {
    return !std::binary_search(segments.begin(), segments.end(), segment);
  };
  std::erase_if(mapped_, [&](const auto& known) { return gone(known.first); });
  std::erase_if(built_, [&](const auto& known) { return gone(known.first); });
  std::erase_if(distrusted_, gone);
}

}  // namespace baton::storage::ledger
