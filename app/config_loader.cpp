#include "app/config_loader.hpp"

#include <unistd.h>

#include <filesystem>

#include "app/config_draft.hpp"
#include "app/setting_rules.hpp"
#include "base/text.hpp"

namespace baton::app {
namespace {

result<void> read_flags(config_draft& draft, const std::vector<flag_value>& flags) {
  for (const auto& [flag, name, text] : flags) {
    const auto* const which = find_setting(name);
    if (which == nullptr) return unknown_setting(flag, name);
    if (which->secret) {
      return downstream_error(error_code::invalid_argument, flag + ": other users can see " + name +
                                                                " on a command line; put it in " +
                                                                environment_name(which->name) +
                                                                " or in the configuration file");
    }
    if (auto done = draft.assign(*which, text, flag); !done) return done;
  }
  return {};
}

result<void> read_without_file(config_draft& draft, const config_sources& sources) {
  if (auto done = read_environment(draft, sources.environment); !done) return done;
  return read_flags(draft, sources.flags);
}

error not_together(std::string text) {
  return downstream_error(error_code::invalid_argument, std::move(text));
}

result<void> check_listening(const config& values) {
  const auto& server = values.server;
  const auto& admin = values.admin;
  if (server.tls_cert_file.empty() != server.tls_key_file.empty()) {
    return not_together("server.tls_cert_file and server.tls_key_file need each other");
  }
  if (admin.tls_cert_file.empty() != admin.tls_key_file.empty()) {
    return not_together("admin.tls_cert_file and admin.tls_key_file need each other");
  }
  if (admin.listen.empty()) {
    if (admin.tls_cert_file.empty()) return {};
    return not_together(
        "admin.tls_cert_file needs admin.listen: on the relay's port there is "
        "server.tls_cert_file");
  }
  const auto own = parse_listen_address(admin.listen).value();
  if (own.port != 0 && own.port == server.port && own.host == server.host) {
    return not_together(
        "admin.listen cannot be the relay's address; without it the administration is there");
  }
  return {};
}

// Settings that are fine alone but not together.
result<void> check_together(const config& values) {
  if (auto done = check_listening(values); !done) return done;
  const auto& limits = values.limits;
  if (limits.buffered_body_bytes_max < limits.body_bytes_max) {
    return not_together(
        "limits.buffered_body_bytes_max cannot be below limits.body_bytes_max: "
        "the largest body would never fit");
  }
  if (values.circuit.open_max < values.circuit.open) {
    return not_together("circuit.open_max cannot be below circuit.open");
  }
  return {};
}

void warn_of_weak_key(config_draft& draft) {
  const auto& key = draft.values().storage.encryption_key;
  const auto small = text::to_lower(key);
  const bool placeholder = small.find("change-this") != std::string::npos ||
                           small.find("your-encryption-key") != std::string::npos;
  if (placeholder) {
    draft.warn(
        "the encryption key is a placeholder from v1's example file: whoever gets the data "
        "folder can read its credentials");
  } else if (!key.empty() && key.size() < 16) {
    draft.warn("the encryption key is shorter than 16 characters and can be guessed");
  }
}

struct config_file {
  std::string path;
  bool of_data_dir = false;
};

// The data folder may come from the environment or a flag, so these are read ahead of the file.
result<config_file> choose_file(const config_sources& sources) {
  if (!sources.file.empty()) return config_file{sources.file, false};
  const auto named = sources.environment.find("BATON_CONFIG");
  if (named != sources.environment.end() && !named->second.empty()) {
    return config_file{named->second, false};
  }
  config_draft ahead;
  if (auto done = read_without_file(ahead, sources); !done) return done.error();
  const auto path = std::filesystem::path(ahead.values().storage.data_dir) / "baton.toml";
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) return config_file{};
  return config_file{path.string(), true};
}

}  // namespace

result<loaded_config> load_config(const config_sources& sources) {
  const auto file = choose_file(sources);
  if (!file) return file.error();
  config_draft draft;
  if (!file->path.empty()) {
    if (auto done = read_config_file(draft, file->path, file->of_data_dir); !done) {
      return done.error();
    }
  }
  if (auto done = read_without_file(draft, sources); !done) return done.error();
  if (auto done = check_together(draft.values()); !done) return done.error();
  warn_of_weak_key(draft);
  return std::move(draft).finish();
}

environment process_environment() {
  environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view pair(*entry);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos) {
      variables.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
  }
  return variables;
}

}  // namespace baton::app
