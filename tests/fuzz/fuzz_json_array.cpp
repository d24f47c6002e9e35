// The scanner finds the same elements however a stream is cut, and those that another parser finds
// if the stream is an array of objects; behind its whole elements the array can be ended.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "relay/platforms/json_array_scanner.hpp"
#include "tests/fuzz/input.hpp"

using baton::relay::json_array_scanner;
using nlohmann::json;

namespace {

class recorder : public json_array_scanner::listener {
 public:
  void on_element(std::string_view padded) override {
    for (std::size_t i = 0; i < baton::relay::json_padding_bytes; ++i) {
      sum += static_cast<unsigned char>(padded.data()[padded.size() + i]);
    }
    elements.emplace_back(padded);
  }
  void on_long_element(std::string_view) override {}  // no input is so long
  void on_end() override { ++ends; }

  std::vector<std::string> elements;
  int ends = 0;
  unsigned sum = 0;
};

bool is_array_of_objects(const json& value) {
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const json& one) { return one.is_object(); });
}

// Where the two may differ: nesting that the scanner's parser finds too deep, numbers that it finds
// too large, and a byte order mark, which the other parser skips.
bool other_rules(std::string_view stream) {
  std::size_t digits = 0;
  for (const char c : stream) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits > 18) return true;
  }
  return stream.size() > 1000 || stream.starts_with("\xEF\xBB\xBF") ||
         stream.find('\0') != stream.npos || stream.find_first_of("eE") != stream.npos;
}

void require_agreement(std::string_view stream, const json_array_scanner& scanner,
                       const recorder& found) {
  const auto other = json::parse(stream.begin(), stream.end(), nullptr, false);
  if (!is_array_of_objects(other)) {
    baton::fuzz::require(found.ends == 0 || !scanner.is_array() || scanner.malformed(),
                         "what ended as an array is an array");
    return;
  }
  if (other_rules(stream)) return;
  baton::fuzz::require(!scanner.malformed() && found.ends == 1, "an array of objects is one");
  baton::fuzz::require(found.elements.size() == other.size(), "as many elements");
  for (std::size_t i = 0; i < other.size(); ++i) {
    baton::fuzz::require(json::parse(found.elements[i]) == other[i], "the same elements");
  }
}

// Also where something came behind that is no part of an array.
void require_place_for_end(std::string_view stream, const json_array_scanner& scanner,
                           const recorder& found) {
  const auto bytes = scanner.element_end();
  baton::fuzz::require(bytes <= stream.size(), "no element beyond the stream");
  if (!scanner.is_array() || found.elements.empty()) {
    baton::fuzz::require(bytes == 0, "no place without an element of an array");
    return;
  }
  const auto ended = json::parse(std::string(stream.substr(0, bytes)) + ",{}]", nullptr, false);
  baton::fuzz::require(is_array_of_objects(ended) && ended.size() == found.elements.size() + 1,
                       "an array can be ended behind each element");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view stream = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(stream);

  recorder at_once, in_pieces;
  json_array_scanner whole(at_once), cut(in_pieces);
  whole.feed(stream);
  baton::fuzz::feed_in_pieces(stream, steering,
                              [&cut](std::string_view piece) { cut.feed(piece); });
  baton::fuzz::require(at_once.elements == in_pieces.elements, "the same elements however cut");
  baton::fuzz::require(at_once.ends == in_pieces.ends && at_once.ends <= 1, "the same end");
  baton::fuzz::require(whole.malformed() == cut.malformed(), "the same fault");
  baton::fuzz::require(whole.is_array() == cut.is_array(), "the same kind of stream");
  baton::fuzz::require(whole.element_end() == cut.element_end(), "the same end of an element");
  require_place_for_end(stream, whole, at_once);
  require_agreement(stream, whole, at_once);
  return 0;
}
