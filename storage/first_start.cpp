#include "storage/first_start.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/text.hpp"

namespace baton::storage {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::string_view check_name = "encryption_check";
constexpr std::string_view check_context = "setting:encryption_check";
constexpr std::string_view check_text = "baton";

error failed(const std::string& what, const std::filesystem::path& path, int reason) {
  return internal_error(error_code::storage_failed, what + " " + path.string() + ": " +
                                                        std::generic_category().message(reason));
}

class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  operator int() const { return number_; }

 private:
  int number_;
};

result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  if (folder.has_parent_path()) {
    std::filesystem::create_directories(folder.parent_path(), failure);
    if (failure) return failed("cannot make the folder", folder.parent_path(), failure.value());
  }
  if (::mkdir(folder.c_str(), 0700) == 0) return {};
  const int reason = errno;
  if (reason != EEXIST) return failed("cannot make the data folder", folder, reason);
  if (!std::filesystem::is_directory(folder, failure)) {
    return failed("cannot use the data folder", folder, ENOTDIR);
  }
  return {};
}

// Nothing if there is no such file.
result<std::optional<std::string>> read_key_file(const std::filesystem::path& file) {
  const descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened < 0 && errno == ENOENT) return std::optional<std::string>();
  if (opened < 0) return failed("cannot read the encryption key file", file, errno);
  std::array<char, 2 * key_bytes + 16> buffer;  // room for a newline, and to see more than that
  const auto size = ::read(opened, buffer.data(), buffer.size());
  if (size < 0) return failed("cannot read the encryption key file", file, errno);
  std::string_view key(buffer.data(), static_cast<std::size_t>(size));
  while (key.ends_with('\n') || key.ends_with('\r')) key.remove_suffix(1);
  if (key.size() != 2 * key_bytes ||
      key.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
    return internal_error(error_code::storage_failed,
                          "the encryption key file " + file.string() +
                              " does not hold 64 hex digits: restore it from a backup");
  }
  return std::optional<std::string>(key);
}

result<void> write_whole(const std::filesystem::path& file, std::string_view content) {
  const descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made < 0) return failed("cannot make", file, errno);
  const auto size = ::write(made, content.data(), content.size());
  if (size < 0) return failed("cannot write", file, errno);
  if (static_cast<std::size_t>(size) != content.size()) {
    return failed("cannot write", file, ENOSPC);
  }
  if (::fsync(made) != 0) return failed("cannot write", file, errno);
  return {};
}

// The key file appears whole or not at all: written under another name first, then linked, which
// fails if somebody else was quicker. Whether the file is ours now.
result<bool> publish_key_file(const std::filesystem::path& file, std::string_view key) {
  auto draft = file;
  draft += "." + crypto::random_hex(8);
  auto written = write_whole(draft, std::string(key) + "\n");
  const bool linked = written && ::link(draft.c_str(), file.c_str()) == 0;
  const int reason = errno;
  ::unlink(draft.c_str());
  if (!written) return written.error();
  if (!linked && reason == EEXIST) return false;
  if (!linked) return failed("cannot make the encryption key file", file, reason);
  // Without this a power cut could leave a database sealed with a key that nobody has.
  const descriptor folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder < 0 || ::fsync(folder) != 0) {
    return failed("cannot save the folder of the encryption key file", file, errno);
  }
  return true;
}

}  // namespace

std::filesystem::path ledger_folder(const std::filesystem::path& data_folder) {
  return data_folder / "ledger";
}

std::filesystem::path database_file(const std::filesystem::path& data_folder) {
  return data_folder / "baton.db";
}

std::filesystem::path encryption_key_file(const std::filesystem::path& data_folder) {
  return data_folder / "encryption.key";
}

result<secrets> prepare_data_folder(const std::filesystem::path& data_folder,
                                    const std::optional<std::string>& configured) {
  if (configured && configured->empty()) {
    return downstream_error(error_code::invalid_argument, "the encryption key is empty");
  }
  if (const auto made = make_folder(data_folder); !made) return made.error();
  if (configured) return secrets{*configured, false};

  // The database is looked for first: who makes one has made the key file before.
  std::error_code ignored;
  const bool has_database = std::filesystem::exists(database_file(data_folder), ignored);
  const auto file = encryption_key_file(data_folder);
  auto present = read_key_file(file);
  if (!present) return present.error();
  if (*present) return secrets{std::move(**present), false};
  if (has_database) {
    return internal_error(error_code::storage_failed,
                          "there is a database but no encryption key: restore " + file.string() +
                              " or set ENCRYPTION_KEY to the key it was made with");
  }
  auto key = crypto::random_hex(key_bytes);
  const auto ours = publish_key_file(file, key);
  if (!ours) return ours.error();
  if (*ours) return secrets{std::move(key), true};
  present = read_key_file(file);
  if (!present) return present.error();
  if (!*present) return failed("cannot read the encryption key file", file, ENOENT);
  return secrets{std::move(**present), false};
}

crypto::key_256 storage_key(const secrets& secrets) {
  return crypto::scrypt_key(secrets.encryption_key, "baton-storage");
}

result<void> check_encryption_key(store& store, const crypto::key_256& key) {
  const auto added = store.add_setting(check_name, crypto::seal(key, check_text, check_context));
  if (!added) return added.error();
  if (*added) return {};
  const auto sealed = store.setting(check_name);
  if (!sealed) return sealed.error();
  const auto opened = crypto::open(key, sealed->value_or(""), check_context);
  if (opened && *opened == check_text) return {};
  return internal_error(error_code::storage_failed,
                        "the encryption key does not fit this database: use the key it was made "
                        "with (ENCRYPTION_KEY or encryption.key in the data folder)");
}

}  // namespace baton::storage
