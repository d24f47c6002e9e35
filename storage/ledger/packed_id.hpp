// Ids of a known form as half as many bytes.
#pragma once

#include <string_view>

namespace baton::storage::ledger {

constexpr std::size_t uuid_bytes = 16;
constexpr std::size_t uuid_characters = 36;
// "req_" and 24 hexadecimal digits: the ids that Baton gives to requests.
constexpr std::size_t request_id_bytes = 12;
constexpr std::size_t request_id_characters = 28;

// Writes the packed bytes to `to` if `text` has exactly the form that unpacking makes: lowercase,
// dashes where they belong. If not, `to` may be written on all the same.
bool pack_uuid(std::string_view text, char* to);
bool pack_request_id(std::string_view text, char* to);

// `packed` has the number of bytes above, `to` room for as many characters.
void unpack_uuid(std::string_view packed, char* to);
void unpack_request_id(std::string_view packed, char* to);

}  // namespace baton::storage::ledger
