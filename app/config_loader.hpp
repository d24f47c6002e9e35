// Where the configuration comes from, later wins: defaults, file, v1's environment variables, the
// same with CRS_, BATON_*, flags.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.hpp"
#include "base/error.hpp"

namespace baton::app {

using environment = std::map<std::string, std::string, std::less<>>;

environment process_environment();

struct flag_value {
  std::string flag;     // as typed, for messages: "--port"
  std::string setting;  // "server.port"
  std::string text;
};

struct config_sources {
  std::string file;  // empty: BATON_CONFIG, or baton.toml in the data folder if there is one
  app::environment environment;
  std::vector<flag_value> flags;
};

struct loaded_config {
  config values;
  std::vector<std::string>
      origins;  // of each of settings(): "default", "a.toml:3", "PORT", "--port"
  std::vector<std::string> warnings;  // one line each, for the operator
};

// Errors: invalid_argument with one line that names the variable, file:line or flag, the value
// unless it is secret, and what is allowed.
result<loaded_config> load_config(const config_sources& sources);

}  // namespace baton::app
