#include "storage/ledger/index_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "storage/ledger/bytes.hpp"

namespace baton::storage::ledger {
namespace {

class mapped_index final : public record_index {
 public:
  // Takes the mapping over.
  mapped_index(void* mapping, std::size_t bytes, index_view view)
      : mapping_(mapping), bytes_(bytes), view_(std::move(view)) {}
  ~mapped_index() override { ::munmap(mapping_, bytes_); }
  mapped_index(const mapped_index&) = delete;
  mapped_index& operator=(const mapped_index&) = delete;

  const index_summary& summary() const override { return view_.summary(); }
  std::uint32_t count(column which, std::string_view value) const override {
    return view_.count(which, value);
  }
  bool find(column which, std::string_view value,
            std::vector<std::uint32_t>& positions) const override {
    return view_.find(which, value, positions);
  }
  std::optional<record_place> place(std::uint32_t position) const override {
    return view_.place(position);
  }

 private:
  void* mapping_;
  std::size_t bytes_;
  index_view view_;
};

}  // namespace

std::shared_ptr<const record_index> map_index(const folder& where, std::uint64_t first_number) {
  const auto opened = file::open(where.index(first_number), O_RDONLY);
  if (!opened) return nullptr;
  const auto size = opened->size();
  if (!size || *size == 0) return nullptr;
  void* const mapping = ::mmap(nullptr, *size, PROT_READ, MAP_SHARED, opened->descriptor(), 0);
  if (mapping == MAP_FAILED) return nullptr;
  auto view = index_view::open({static_cast<const char*>(mapping), *size});
  if (!view || view->summary().first_number != first_number) {
    ::munmap(mapping, *size);
    return nullptr;
  }
  return std::make_shared<mapped_index>(mapping, *size, *std::move(view));
}

result<std::uint64_t> write_index(const folder& where, const index_builder& index) {
  const auto number = index.summary().first_number;
  const std::string bytes = to_bytes(index);
  const auto draft = where.index_draft(number);
  auto opened = file::open(draft, O_WRONLY | O_CREAT | O_TRUNC);
  if (!opened) return opened.error();
  auto written = opened->write_at(0, {bytes});
  // Before it gets its name: an index that looks whole and is not would be read by its good half.
  if (written) written = opened->sync();
  if (written && std::rename(draft.c_str(), where.index(number).c_str()) == 0) return bytes.size();
  auto failure = written ? file_error("make", where.index(number), errno) : written.error();
  std::error_code ignored;
  std::filesystem::remove(draft, ignored);
  return failure;
}

}  // namespace baton::storage::ledger
