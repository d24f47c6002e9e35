// What an upstream says in an error answer, as one short line for an operator.
#pragma once

#include <string>
#include <string_view>

#include "relay/account.hpp"

namespace baton::relay {

// The error's message out of a JSON body of any API, else the body's beginning: at most 300 bytes
// of UTF-8 without control characters. Empty if there is nothing.
std::string upstream_message(std::string_view body);

// `text` with "****" wherever it repeats one of the account's secrets.
std::string without_secrets(std::string text, const account& config);

}  // namespace baton::relay
