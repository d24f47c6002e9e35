// What the answers of every dialect are made of: the words the mock says, the marks that are filled
// in when an answer is sent, and JSON as text.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tests/support/mock_behaviour.hpp"

namespace baton::mock {

// Stands in a text for an id of 24 characters that is filled in when the answer is sent.
inline constexpr std::string_view id_marker = "@@@@@@@@@@@@@@@@@@@@@@@@";
// Stands for the send time, right-aligned: JSON allows spaces before a number.
inline constexpr std::string_view clock_marker = "###################";
// Stands for the number of an event in its stream, right-aligned as well.
inline constexpr std::string_view sequence_marker = "%%%%%%%%%%";

// Keeps the members in the order they were given in, as the vendors' answers do.
using document = nlohmann::ordered_json;

// Values that to_text() writes as a clock_marker or a sequence_marker, without quotes.
inline constexpr std::string_view clock_value = "<clock>";
inline constexpr std::string_view sequence_value = "<sequence>";

// An id that is filled in when the answer is sent.
std::string id_of(std::string_view prefix);
// An array of one.
document list_of(document only);
// Adds `usual` under `name`, unless the script wants another usage or none.
void put_usage(document& target, const behaviour& script, const char* name, document usual);
// Adds the send time if the script wants it.
void put_clock(document& target, const behaviour& script);
// The JSON of a document.
std::string to_text(const document& source, const behaviour& script);

// An event of an event stream, with its blank line; `name` empty: it has only data.
std::string sse_text(std::string_view name, std::string_view data);

// The n-th word of what the mock says, with the space behind it; `bytes` not 0: so long a text.
std::string answer_word(std::uint32_t n, std::uint32_t bytes);
inline constexpr std::uint32_t answer_word_count = 12;
// The whole text of a JSON answer.
std::string answer_text(const behaviour& script);
// What the words of a stream are together; ends after 64 KiB however many there are.
std::string streamed_text(const behaviour& script);
// How many different words a stream has, to be used in turn.
std::uint32_t word_variants(const behaviour& script);

// The arguments of the call that `tool_call` makes, also in the parts a stream has them in.
inline constexpr std::string_view tool_arguments = R"({"city":"Paris"})";
inline constexpr std::string_view tool_arguments_start = R"({"city":)";
inline constexpr std::string_view tool_arguments_rest = R"("Paris"})";

std::string_view reason_phrase(int status);  // RFC 9110, and 529

// How an API words an error with this status, by its table.
template <class Table, class Wording>
const Wording& wording_of(const Table& table, int status, const Wording& other_client,
                          const Wording& other_server) {
  for (const Wording& entry : table) {
    if (entry.status == status) return entry;
  }
  return status >= 500 ? other_server : other_client;
}

}  // namespace baton::mock
