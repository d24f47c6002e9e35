// A message's head as text: its first line and its header lines, each with its CRLF.
#pragma once

#include <string>
#include <string_view>

namespace baton::net {

// Puts the header line in, instead of those of that name that are there.
void replace_line(std::string& lines, std::string_view name, std::string_view value);
void remove_line(std::string& lines, std::string_view name);

}  // namespace baton::net
