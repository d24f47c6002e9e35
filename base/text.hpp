// Small text helpers.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baton::text {

inline char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool iequals(std::string_view a, std::string_view b);          // ASCII
bool icontains(std::string_view text, std::string_view part);  // ASCII
std::string to_lower(std::string_view s);
std::string_view trim(std::string_view s);                           // spaces and tabs
std::vector<std::string> split(std::string_view s, char separator);  // parts trimmed, empty dropped

// The whole of `s` as a decimal number in T's range, or nothing.
template <class T>
std::optional<T> parse_number(std::string_view s) {
  T value{};
  const auto [end, failure] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (failure != std::errc{} || end != s.data() + s.size() || s.empty()) return std::nullopt;
  return value;
}

}  // namespace baton::text
