// A setting's value in JSON, secrets masked.
#pragma once

#include <nlohmann/json.hpp>

#include "app/settings.hpp"

namespace baton::app {

// A number or truth value as JSON knows it; bytes in bytes, durations in seconds.
nlohmann::ordered_json setting_json(const setting& which, const config& values);

}  // namespace baton::app
