#include "relay/platforms/json_parser.hpp"

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>
#include <string>

namespace baton::relay {
namespace {

static_assert(simdjson::SIMDJSON_PADDING <= json_padding_bytes);

constexpr std::size_t thread_parser_bytes_max = 1024 * 1024;
constexpr std::size_t thread_parser_bytes_min = 16 * 1024;
constexpr std::size_t checked_bytes_max = 64 * 1024;

// Grows in powers of two: left to itself the parser reallocates for every new largest document.
simdjson::ondemand::parser& thread_parser(std::size_t document_bytes) {
  static thread_local simdjson::ondemand::parser parser;
  if (parser.capacity() < document_bytes) {
    // A parser that got no memory tries again, and fails, when it is given the document.
    [[maybe_unused]] const auto outcome =
        parser.allocate(std::bit_ceil(std::max(document_bytes, thread_parser_bytes_min)));
  }
  return parser;
}

}  // namespace

json_parser::json_parser(std::size_t document_bytes)
    : own_(document_bytes > thread_parser_bytes_max ? std::make_unique<simdjson::ondemand::parser>()
                                                    : nullptr),
      parser_(own_ ? *own_ : thread_parser(document_bytes)) {}

simdjson::error_code json_parser::parse(std::string_view padded,
                                        simdjson::ondemand::document& document) {
  return parser_.iterate(padded.data(), padded.size(), padded.size() + json_padding_bytes)
      .get(document);
}

namespace {

// The grammar allows integers of any size, and half of a surrogate pair (RFC 8259 sections 6 and
// 8.2), which upstreams send when a character falls between two events. simdjson refuses both.
bool is_json_by_grammar(std::string_view text) {
  constexpr std::string_view surrogate_digits = "89abcdefABCDEF";
  std::string plain(text);
  for (auto at = plain.find("\\u"); at != plain.npos; at = plain.find("\\u", at + 2)) {
    const bool surrogate = at + 3 < plain.size() && (plain[at + 2] | 0x20) == 'd' &&
                           surrogate_digits.find(plain[at + 3]) != surrogate_digits.npos;
    if (surrogate) plain.replace(at + 2, 2, "00");
  }
  return nlohmann::json::accept(plain);
}

}  // namespace

bool is_json_object(std::string_view padded) {
  constexpr std::string_view spaces = " \t\r\n";
  const auto first = padded.find_first_not_of(spaces);
  if (first == padded.npos || padded[first] != '{') return false;
  if (padded.size() > checked_bytes_max) return padded[padded.find_last_not_of(spaces)] == '}';
  static thread_local simdjson::dom::parser parser(checked_bytes_max);
  switch (parser.parse(padded.data(), padded.size(), false).error()) {
    case simdjson::SUCCESS: return true;
    case simdjson::STRING_ERROR:
    case simdjson::NUMBER_ERROR: return is_json_by_grammar(padded);
    default: return false;
  }
}

}  // namespace baton::relay
