#include "relay/platforms/json_parser.hpp"

#include <algorithm>
#include <bit>

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

bool is_json_object(std::string_view padded) {
  constexpr std::string_view spaces = " \t\r\n";
  const auto first = padded.find_first_not_of(spaces);
  if (first == padded.npos || padded[first] != '{') return false;
  if (padded.size() > checked_bytes_max) return padded[padded.find_last_not_of(spaces)] == '}';
  static thread_local simdjson::dom::parser parser(checked_bytes_max);
  return parser.parse(padded.data(), padded.size(), false).error() == simdjson::SUCCESS;
}

}  // namespace baton::relay
