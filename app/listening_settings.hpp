// The settings about how clients and administrators come in: part of the table in app/settings.hpp.
#pragma once

#include <vector>

#include "app/settings.hpp"

namespace baton::app {

std::vector<setting> listening_settings();

}  // namespace baton::app
