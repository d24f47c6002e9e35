// Percent-escapes in URLs (RFC 3986 section 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton::relay {

// Escapes everything but letters, digits and "-._~".
std::string percent_encode(std::string_view text);
void append_percent_encoded(std::string& out, std::string_view text);

// Nothing if an escape is none. A plus is a plus.
std::optional<std::string> percent_decode(std::string_view text);

// The same, but a "%" that begins no escape stands for itself.
std::string percent_decode_leniently(std::string_view text);

}  // namespace baton::relay
