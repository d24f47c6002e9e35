// What has to be there before the store can be opened: the data folder and the encryption key.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "storage/store.hpp"

namespace baton::storage {

struct secrets {
  std::string encryption_key;  // text; what clients' keys are hashed with and the AES key made from
  bool made_now = false;       // nobody had one: the operator should hear of the new key file
};

// Inside the data folder.
std::filesystem::path database_file(const std::filesystem::path& data_folder);
// Where the records of single requests are.
std::filesystem::path ledger_folder(const std::filesystem::path& data_folder);
std::filesystem::path encryption_key_file(const std::filesystem::path& data_folder);

// Makes `data_folder` (0700) if it is missing and finds the encryption key: `configured` if given,
// else the key file's 64 hex digits, else a new one, which is written there (0600). Of several
// processes that start at once all get the same key. A database without its key file is an error,
// because a new key could read nothing of it.
result<secrets> prepare_data_folder(const std::filesystem::path& data_folder,
                                    const std::optional<std::string>& configured);

// The key that seals what is stored. Takes some 50 ms, on purpose.
crypto::key_256 storage_key(const secrets& secrets);

// Whether `key` is the one the data were sealed with, by a known text in the settings, which the
// first call puts there.
result<void> check_encryption_key(store& store, const crypto::key_256& key);

}  // namespace baton::storage
