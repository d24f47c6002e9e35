// The part of the table of settings that says how requests are relayed; see settings.hpp.
#pragma once

#include <vector>

#include "app/settings.hpp"

namespace baton::app {

std::vector<setting> relaying_settings();

}  // namespace baton::app
