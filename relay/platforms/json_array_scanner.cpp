#include "relay/platforms/json_array_scanner.hpp"

#include <algorithm>

#include "relay/platforms/json_parser.hpp"

namespace baton::relay {
namespace {

// What needs a look within an object: outside of a string, and inside of one.
bool is_structure(char c) {
  return c == '"' || c == '{' || c == '}' || c == '[' || c == ']';
}
bool ends_plain_text(char c) {
  return c == '"' || c == '\\';
}

}  // namespace

void json_array_scanner::feed(std::string_view bytes) {
  while (!bytes.empty() && place_ != place::broken) {
    const auto rest = place_ == place::element ? take_element(bytes) : take_between(bytes);
    fed_ += bytes.size() - rest.size();
    bytes = rest;
  }
}

std::string_view json_array_scanner::take_between(std::string_view bytes) {
  const auto gap = std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size());
  if (gap != 0) return bytes.substr(gap);
  place_ = after(bytes.front());
  if (place_ == place::element) {
    begin_element();
    return bytes;
  }
  if (place_ == place::behind) listener_.on_end();
  return bytes.substr(1);
}

json_array_scanner::place json_array_scanner::after(char token) {
  switch (place_) {
    case place::before:
      is_array_ = token == '[';
      if (is_array_) return place::first_element;
      return token == '{' ? place::element : place::broken;
    case place::first_element:
      if (token == ']') return place::behind;
      [[fallthrough]];
    case place::next_element: return token == '{' ? place::element : place::broken;
    case place::after_element:
      if (token == ']') return place::behind;
      return token == ',' ? place::next_element : place::broken;
    default: return place::broken;
  }
}

void json_array_scanner::begin_element() {
  depth_ = 0;
  in_string_ = false;
  escaped_ = false;
}

// Brackets are counted, of whatever kind they are: whether it is JSON is checked when it is whole.
std::string_view json_array_scanner::take_element(std::string_view bytes) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end) {
    if (escaped_) {
      escaped_ = false;
      ++at;
      continue;
    }
    at = in_string_ ? std::find_if(at, end, ends_plain_text) : std::find_if(at, end, is_structure);
    if (at == end) break;
    const char c = *at++;
    if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = !in_string_;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if (--depth_ == 0) {
      break;
    }
  }
  const auto taken = static_cast<std::size_t>(at - bytes.data());
  element_.append(bytes.substr(0, taken));
  if (depth_ == 0) end_element(fed_ + taken);
  return bytes.substr(taken);
}

void json_array_scanner::end_element(std::uint64_t end) {
  place_ = is_array_ ? place::after_element : place::behind;
  if (!hand_on_element()) place_ = place::broken;
  element_.clear();
  if (is_array_ && place_ != place::broken) element_end_ = end;
  if (place_ == place::behind) listener_.on_end();
}

// False: it is no JSON object.
bool json_array_scanner::hand_on_element() {
  if (element_.too_long()) {
    listener_.on_long_element(element_.end());
    return true;
  }
  const auto padded = element_.padded();
  if (!is_json_object(padded)) return false;
  listener_.on_element(padded);
  return true;
}

}  // namespace baton::relay
