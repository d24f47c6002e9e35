// Base64 (RFC 4648 section 4): the standard alphabet, padded, on one line.
#pragma once

#include <string>
#include <string_view>

namespace baton {

std::string to_base64(std::string_view data);

// Appends what `encoded` stands for. Only what to_base64 writes is accepted: no blanks, no missing
// padding, no other text for the same bytes. False: `encoded` is none, and `out` is as it was.
bool append_base64_decoded(std::string_view encoded, std::string& out);

}  // namespace baton
