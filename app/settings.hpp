// Every setting of Baton in one table: its name, what it takes and what it means. The file, the
// environment, the flags, `baton config check` and the reference all read this table, so a setting
// is added by one line in settings.cpp or relaying_settings.cpp and one member in config.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.hpp"

namespace baton::app {

enum class setting_kind : std::uint8_t { number, bytes, duration, text, choice, boolean, list };

struct setting {
  std::string_view name;        // "server.port": section and key of the file, BATON_SERVER_PORT
  std::string_view short_name;  // "port": --port and BATON_PORT; a secret has no flag
  setting_kind kind;
  std::string_view help;
  std::string allowed;  // "a whole number from 1 to 65535"
  bool secret;

  // Puts the value that `text` spells into the configuration; false, and nothing changed, if it is
  // not allowed.
  std::function<bool(config&, std::string_view text)> assign;
  // Spells the value so that assign() would take it. Secrets too: ask shown_value() to show one.
  std::function<std::string(const config&)> spell;
};

const std::vector<setting>& settings();

// Null if there is none of this name ("server.port").
const setting* find_setting(std::string_view name);

// BATON_SERVER_PORT for "server.port", BATON_DATA_DIR for "data-dir".
std::string environment_name(std::string_view name);

// The value for people to see, "****" for a secret that is set.
std::string shown_value(const setting& which, const config& values);

}  // namespace baton::app
