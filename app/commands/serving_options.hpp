// What `baton serve` and `baton demo` have in common: the settings that are flags too.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "app/commands/command.hpp"

namespace baton::app {

struct setting_flag {
  std::string flag;     // "--port"
  std::string setting;  // "server.port"
  std::optional<std::string> given;
};

struct serving_options {
  common_options common;
  std::deque<setting_flag> flags;        // a deque, because the parser keeps their addresses
  std::vector<std::string> assignments;  // --set NAME=VALUE
};

void add_serving_options(CLI::App& command, serving_options& options);

// Reads the configuration with these flags and sets the log up; its warnings go to the log. With
// `default_data_dir`, that is the folder unless --data-dir names one.
result<config> load_serving_settings(command_context& context, const serving_options& options,
                                     const std::string& default_data_dir = {});

}  // namespace baton::app
