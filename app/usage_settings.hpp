// The settings of usage: the ledger of requests, and the sums over it. A part of app/settings.hpp.
#pragma once

#include <vector>

#include "app/settings.hpp"

namespace baton::app {

std::vector<setting> usage_settings_table();

}  // namespace baton::app
