// An index in memory, made from the frames of a segment. It can grow with the segment.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/ledger/frame_scanner.hpp"
#include "storage/ledger/ledger_codec.hpp"
#include "storage/ledger/record_index.hpp"

namespace baton::storage::ledger {

class index_builder final : public record_index {
 public:
  explicit index_builder(std::uint64_t first_number);

  // Adds the whole frames that `segment` has behind those it knows. Why it ended there: at the
  // file's end, or at something that is damaged.
  scan_step extend(const file& segment);

  const index_summary& summary() const override { return summary_; }
  std::uint32_t count(column which, std::string_view value) const override;
  bool find(column which, std::string_view value,
            std::vector<std::uint32_t>& positions) const override;
  std::optional<record_place> place(std::uint32_t position) const override;

  using postings = std::vector<std::uint32_t>;
  // Every value of the column with the positions of its records, by value.
  std::map<std::string_view, const postings*> sorted(column which) const;

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using values = std::unordered_map<std::string, postings, text_hash, std::equal_to<>>;

  bool add_frame(const frame_header& frame, std::uint64_t payload_offset, std::string_view payload);
  // Forgets the records that came after that.
  void return_to(const index_summary& before);
  void add_record(const usage_record_view& record, std::uint64_t offset);
  void add_value(column which, std::string_view value);
  const postings* postings_of(column which, std::string_view value) const;

  // With times rather than seconds: what is the earliest can change while the segment grows.
  struct place_in_time {
    std::uint32_t offset;
    wall_time finished;
  };

  index_summary summary_;
  std::vector<place_in_time> places_;
  std::array<values, column_count> columns_;
  record_decoder decoder_;
};

}  // namespace baton::storage::ledger
