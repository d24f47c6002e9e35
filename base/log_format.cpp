#include "base/log_format.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace baton::log {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// Length of the well-formed UTF-8 sequence (RFC 3629) that `text` starts with; 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto continues = [&](std::size_t i, std::uint8_t low = 0x80, std::uint8_t high = 0xbf) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const std::uint8_t low = lead == 0xe0 ? 0xa0 : 0x80;
    const std::uint8_t high = lead == 0xed ? 0x9f : 0xbf;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const std::uint8_t low = lead == 0xf0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xf4 ? 0x8f : 0xbf;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

// U+0080 to U+009F: control characters that a terminal obeys like an escape.
bool is_c1_control(std::string_view sequence) {
  return sequence.size() == 2 && sequence[0] == '\xc2' &&
         static_cast<std::uint8_t>(sequence[1]) <= 0x9f;
}

bool is_control(char c) {
  return static_cast<std::uint8_t>(c) < 0x20 || c == '\x7f';
}

void append_hex(std::string& line, std::string_view prefix, char c) {
  line += prefix;
  line += hex_digits[static_cast<std::uint8_t>(c) >> 4];
  line += hex_digits[static_cast<std::uint8_t>(c) & 0xf];
}

// Appends `text` in plain runs, and what must not stand as it is through `escape(char)` (control
// characters, and quotes and backslashes if asked for) and `invalid(char)` (broken UTF-8).
template <class Escape, class Invalid>
void append_escaped(std::string& line, std::string_view text, bool quotes, Escape escape,
                    Invalid invalid) {
  std::size_t plain = 0;
  const auto flush = [&](std::size_t count) {
    line += text.substr(0, plain);
    text.remove_prefix(plain + count);
    plain = 0;
  };
  while (plain < text.size()) {
    const char c = text[plain];
    if (c >= ' ' && c < '\x7f' && c != '"' && c != '\\') {
      ++plain;
      continue;
    }
    const auto length = utf8_length(text.substr(plain));
    if (length == 0) {
      flush(1);
      invalid(c);
    } else if (is_control(c) || (quotes && (c == '"' || c == '\\'))) {
      flush(1);
      escape(c);
    } else if (is_c1_control(text.substr(plain, length))) {
      const char second = text[plain + 1];
      flush(2);
      escape(second);
    } else {
      plain += length;
    }
  }
  flush(0);
}

// The short escapes that JSON and our text form share, or 0.
char short_escape(char c) {
  switch (c) {
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '"': return '"';
    case '\\': return '\\';
    default: return 0;
  }
}

void append_escape(std::string& line, std::string_view hex_prefix, char c) {
  if (const char letter = short_escape(c); letter != 0) {
    (line += '\\') += letter;
  } else {
    append_hex(line, hex_prefix, c);
  }
}

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(" =\"\\") != std::string_view::npos;
}

// The last `width` digits, with leading zeros.
void append_digits(std::string& line, unsigned number, std::size_t width) {
  line.append(width, '0');
  for (auto digit = line.rbegin(); width != 0; --width, number /= 10) {
    *digit++ = static_cast<char>('0' + number % 10);
  }
}

void append_number(std::string& line, auto number) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  line.append(digits.data(), end);
}

struct value_writer {
  std::string& line;
  format style;

  void operator()(std::string_view text) const {
    const bool quoted = style == format::json || needs_quotes(text);
    if (quoted) line += '"';
    style == format::json ? append_json_escaped(line, text)
                          : append_text_escaped(line, text, quoted);
    if (quoted) line += '"';
  }
  void operator()(bool truth) const { line += truth ? "true" : "false"; }
  void operator()(std::int64_t number) const { append_number(line, number); }
  void operator()(std::uint64_t number) const { append_number(line, number); }
  void operator()(double number) const {
    // JSON knows no infinity.
    std::isfinite(number) ? append_number(line, number) : void(line += "null");
  }
};

}  // namespace

std::string_view to_string(level importance) {
  constexpr std::array<std::string_view, 5> names = {"trace", "debug", "info", "warn", "error"};
  return names[static_cast<std::size_t>(importance)];
}

void append_json_escaped(std::string& line, std::string_view text) {
  append_escaped(
      line, text, true, [&](char c) { append_escape(line, "\\u00", c); },
      [&](char) { line += "\xef\xbf\xbd"; });
}

void append_text_escaped(std::string& line, std::string_view text, bool in_quotes) {
  append_escaped(
      line, text, in_quotes, [&](char c) { append_escape(line, "\\x", c); },
      [&](char c) { append_hex(line, "\\x", c); });
}

void append_timestamp(std::string& line, wall_time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  append_digits(line, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  append_digits(line += '-', static_cast<unsigned>(date.month()), 2);
  append_digits(line += '-', static_cast<unsigned>(date.day()), 2);
  append_digits(line += 'T', static_cast<unsigned>(clock.hours().count()), 2);
  append_digits(line += ':', static_cast<unsigned>(clock.minutes().count()), 2);
  append_digits(line += ':', static_cast<unsigned>(clock.seconds().count()), 2);
  append_digits(line += '.', static_cast<unsigned>(clock.subseconds().count()), 3);
  line += 'Z';
}

void append_field(std::string& line, format style, const field& detail) {
  line += style == format::json ? ",\"" : " ";
  style == format::json ? append_json_escaped(line, detail.name)
                        : append_text_escaped(line, detail.name);
  line += style == format::json ? "\":" : "=";
  std::visit(value_writer{line, style}, detail.value.held());
}

void append_line(std::string& line, format style, wall_time time, level importance,
                 std::string_view message, fields details) {
  const auto name = to_string(importance);
  if (style == format::json) {
    line += "{\"ts\":\"";
    append_timestamp(line, time);
    ((line += "\",\"level\":\"") += name) += "\",\"msg\":\"";
    append_json_escaped(line, message);
    line += '"';
  } else {
    append_timestamp(line, time);
    (line += ' ') += name;
    line.append(6 - name.size(), ' ');
    append_text_escaped(line, message);
  }
  for (const auto& detail : details) append_field(line, style, detail);
  line += style == format::json ? "}\n" : "\n";
}

}  // namespace baton::log
