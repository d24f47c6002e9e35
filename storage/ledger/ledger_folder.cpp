#include "storage/ledger/ledger_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "base/text.hpp"
#include "storage/ledger/ledger_file.hpp"

namespace baton::storage::ledger {
namespace {

constexpr std::size_t digits = 20;
constexpr std::string_view segment_suffix = ".log";
constexpr std::string_view index_suffix = ".idx";
constexpr std::string_view draft_suffix = ".idx.new";

std::string numbered(std::uint64_t number, std::string_view suffix) {
  const std::string text = std::to_string(number);
  return std::string(digits - text.size(), '0') + text + std::string(suffix);
}

std::optional<std::uint64_t> number_of(std::string_view name, std::string_view suffix) {
  if (name.size() != digits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  return text::parse_number<std::uint64_t>(name.substr(0, digits));
}

struct closer {
  void operator()(DIR* listing) const { ::closedir(listing); }
};

}  // namespace

std::filesystem::path folder::segment(std::uint64_t first_number) const {
  return path_ / numbered(first_number, segment_suffix);
}

std::filesystem::path folder::index(std::uint64_t first_number) const {
  return path_ / numbered(first_number, index_suffix);
}

std::filesystem::path folder::index_draft(std::uint64_t first_number) const {
  return path_ / numbered(first_number, draft_suffix);
}

result<std::vector<std::uint64_t>> folder::segments() const {
  std::vector<std::uint64_t> found;
  // A query reads some thousand names; this takes a third of directory_iterator's time.
  const std::unique_ptr<DIR, closer> listing(::opendir(path_.c_str()));
  if (!listing) {
    if (errno == ENOENT) return found;
    return file_error("list", path_, errno);
  }
  while (const dirent* const entry = ::readdir(listing.get())) {
    const auto number = number_of(entry->d_name, segment_suffix);
    if (number && *number > 0) found.push_back(*number);
  }
  std::sort(found.begin(), found.end());
  return found;
}

result<void> folder::make() const {
  std::error_code failure;
  std::filesystem::create_directories(path_.parent_path(), failure);
  if (::mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST) {
    return file_error("make", path_, errno);
  }
  return {};
}

void folder::remove_strays(const std::vector<std::uint64_t>& segments) const {
  std::error_code ignored;
  std::vector<std::filesystem::path> strays;
  for (const auto& entry : std::filesystem::directory_iterator(path_, ignored)) {
    const std::string name = entry.path().filename().string();
    const auto number = number_of(name, index_suffix);
    const bool orphan = number && !std::binary_search(segments.begin(), segments.end(), *number);
    if (orphan || number_of(name, draft_suffix)) strays.push_back(entry.path());
  }
  for (const auto& stray : strays) std::filesystem::remove(stray, ignored);
}

}  // namespace baton::storage::ledger
