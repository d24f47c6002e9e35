#include "relay/path_parameter.hpp"

#include <simdjson.h>

#include <algorithm>

#include "relay/percent_text.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t bytes_max = 256;

error refused(std::string_view what) {
  return downstream_error(error_code::malformed_request,
                          "The name in the path " + std::string(what));
}

bool has_dot_segment(std::string_view name) {
  while (!name.empty()) {
    const auto end = std::min(name.find('/'), name.size());
    const auto segment = name.substr(0, end);
    if (segment == "." || segment == "..") return true;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

}  // namespace

result<std::string> read_path_parameter(std::string_view escaped) {
  auto name = percent_decode(escaped);
  if (!name) return refused("has a % that is no escape");
  if (name->size() > bytes_max) return refused("must not be longer than 256 bytes");
  const auto is_bad = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"' || c == '\\';
  };
  if (std::any_of(name->begin(), name->end(), is_bad)) {
    return refused("must not have control characters, quotes or backslashes");
  }
  if (!simdjson::validate_utf8(name->data(), name->size())) return refused("must be UTF-8");
  if (has_dot_segment(*name)) return refused("must not have a segment . or ..");
  return *std::move(name);
}

}  // namespace baton::relay
