// The index of a sealed segment as a file, which is mapped rather than read.
#pragma once

#include <memory>
#include <string>

#include "storage/ledger/index_builder.hpp"
#include "storage/ledger/ledger_folder.hpp"

namespace baton::storage::ledger {

std::string to_bytes(const index_builder& index);

// An index in bytes that stay as they are and outlive it. Only the names are checked at once, the
// lists and the places before they are first used, so that opening it does not read all of it.
class index_view : public record_index {
 public:
  // Nothing: the bytes are no whole index.
  static std::optional<index_view> open(std::string_view bytes);

  const index_summary& summary() const override { return summary_; }
  std::uint32_t count(column which, std::string_view value) const override;
  bool find(column which, std::string_view value,
            std::vector<std::uint32_t>& positions) const override;
  std::optional<record_place> place(std::uint32_t position) const override;

 private:
  // One value of a column: where its text and its list are.
  struct entry {
    std::uint32_t text_offset;
    std::uint32_t text_bytes;
    std::uint32_t list_offset;
    std::uint32_t list_bytes;
    std::uint32_t positions;
    std::uint32_t list_checksum;
  };

  entry entry_at(std::size_t at) const;
  std::string_view text_of(const entry& e) const {
    return bytes_.substr(e.text_offset, e.text_bytes);
  }
  std::optional<entry> entry_of(column which, std::string_view value) const;
  bool lies_inside(const entry& e) const;

  std::string_view bytes_;
  index_summary summary_;
  std::array<std::uint32_t, column_count> values_{};  // of each column
  std::uint32_t texts_end_ = 0;
  std::uint32_t places_offset_ = 0;
  std::uint32_t places_checksum_ = 0;
  mutable bool places_checked_ = false;
};

// Maps the segment's index. Nothing: there is none, or it is damaged.
std::shared_ptr<const record_index> map_index(const folder& where, std::uint64_t first_number);

// Writes it beside its segment; other processes see all of it or nothing. Returns its size.
result<std::uint64_t> write_index(const folder& where, const index_builder& index);

}  // namespace baton::storage::ledger
