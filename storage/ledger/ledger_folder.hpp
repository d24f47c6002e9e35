// Where the ledger's files are: `<number>.log` holds the records from that number on, with 20
// digits, so that names sort as numbers do; `<number>.idx` is its index; `spare` becomes the next
// segment; who has locked `lock` is the writer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/error.hpp"

namespace baton::storage::ledger {

class folder {
 public:
  explicit folder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path segment(std::uint64_t first_number) const;
  std::filesystem::path index(std::uint64_t first_number) const;
  std::filesystem::path index_draft(std::uint64_t first_number) const;
  std::filesystem::path spare() const { return path_ / "spare"; }
  std::filesystem::path lock() const { return path_ / "lock"; }

  // First numbers of all segments, ascending. A folder that is not there has none.
  result<std::vector<std::uint64_t>> segments() const;
  // Makes it, with its parents, for its owner only.
  result<void> make() const;
  // Removes indexes, and drafts of them, whose segment is gone.
  void remove_strays(const std::vector<std::uint64_t>& segments) const;
  // So that names given and taken in here survive a power cut.

 private:
  std::filesystem::path path_;
};

}  // namespace baton::storage::ledger
