// A configuration while its sources are read one after the other.
#pragma once

#include <string>
#include <string_view>

#include "app/config_loader.hpp"
#include "app/settings.hpp"

namespace baton::app {

class config_draft {
 public:
  config_draft();

  // Errors: invalid_argument in one line; the draft is as before.
  result<void> assign(const setting& which, std::string_view text, std::string origin);
  void warn(std::string line) { loaded_.warnings.push_back(std::move(line)); }

  const config& values() const { return loaded_.values; }
  loaded_config finish() && { return std::move(loaded_); }

 private:
  loaded_config loaded_;
};

// <where>: "<text>" cannot be used; allowed: … A secret's text is not shown. `allowed` replaces the
// setting's own words where a source takes another unit.
error unusable_value(std::string_view where, const setting& which, std::string_view text,
                     std::string_view allowed = {});

// <where>: there is no setting <name>; did you mean …?
error unknown_setting(std::string_view where, std::string_view name);

// config_toml.cpp. `of_data_dir`: the file was found in the data folder, so it cannot move it.
result<void> read_config_file(config_draft& draft, const std::string& path, bool of_data_dir);

// config_environment.cpp
result<void> read_environment(config_draft& draft, const environment& variables);

}  // namespace baton::app
