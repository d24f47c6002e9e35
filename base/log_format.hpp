// How a log line is spelled. Whatever text is put in, one line comes out: control characters,
// terminal escapes and broken UTF-8 cannot forge or spoil another one.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.hpp"

namespace baton::log {

enum class level : std::uint8_t { trace, debug, info, warn, error };
enum class format : std::uint8_t { text, json };

std::string_view to_string(level importance);

// A number, a truth value or a text, which is only looked at.
class value {
 public:
  value(std::string_view text) : held_(text) {}
  value(const std::string& text) : held_(std::string_view(text)) {}
  value(const char* text) : held_(std::string_view(text)) {}
  value(bool truth) : held_(truth) {}
  template <std::signed_integral T>
  value(T number) : held_(static_cast<std::int64_t>(number)) {}
  template <std::unsigned_integral T>
  value(T number) : held_(static_cast<std::uint64_t>(number)) {}
  template <std::floating_point T>
  value(T number) : held_(static_cast<double>(number)) {}

  const auto& held() const { return held_; }

 private:
  std::variant<std::string_view, bool, std::int64_t, std::uint64_t, double> held_;
};

struct field {
  std::string_view name;  // snake_case
  log::value value;
};

using fields = std::initializer_list<field>;

// Appends `text` as the inside of a JSON string: quotes are the caller's.
void append_json_escaped(std::string& line, std::string_view text);

// Appends `text` with control characters and broken UTF-8 made visible as \n, \t, \x1b,
// and with \" and \\ if it is to stand in quotes.
void append_text_escaped(std::string& line, std::string_view text, bool in_quotes = false);

// RFC 3339 in UTC with milliseconds: 2026-01-31T23:59:59.000Z
void append_timestamp(std::string& line, wall_time time);

// {"name":value,…} members or name=value words, each led by its separator.
void append_field(std::string& line, format style, const field& detail);

// A whole line with its newline:
//   {"ts":"…","level":"info","msg":"listening","port":3000}
//   2026-01-31T23:59:59.000Z info  listening port=3000
void append_line(std::string& line, format style, wall_time time, level importance,
                 std::string_view message, fields details);

}  // namespace baton::log
