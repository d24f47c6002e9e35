#include "admin/value_kind.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "base/timestamps.hpp"
#include "relay/usd_text.hpp"

namespace baton::admin {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

template <class V>
ordered_json as_it_is(const V& value) {
  return value;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool breaks_text(char c) {
  return is_control(c) && c != '\n' && c != '\t' && c != '\r';
}

// In characters, as JSON Schema counts; nothing if it is no UTF-8. What comes as JSON is, but the
// command line's texts may be anything.
std::optional<std::size_t> length_of(std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) return std::nullopt;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

std::string text_rule(std::size_t min, std::size_t max) {
  const auto bounds = min == 0 ? "at most " + std::to_string(max)
                               : std::to_string(min) + " to " + std::to_string(max);
  return "must be a text of " + bounds + " characters";
}

value_kind<std::string> checked_text(std::size_t min, std::size_t max, std::string rule,
                                     bool (*breaks)(char), bool trimmed) {
  ordered_json schema = {{"type", "string"}};
  if (min > 0) schema["minLength"] = min;
  schema["maxLength"] = max;
  return {std::move(schema),
          [min, max, rule = std::move(rule), breaks, trimmed](
              const json& value, const std::string& path) -> result<std::string> {
            if (!value.is_string()) return field_error(path, rule);
            std::string_view text = value.get_ref<const std::string&>();
            if (trimmed) text = text::trim(text);
            const auto length = length_of(text);
            if (!length || *length < min || *length > max ||
                std::any_of(text.begin(), text.end(), breaks)) {
              return field_error(path, rule);
            }
            return std::string(text);
          },
          &as_it_is<std::string>};
}

// The shortest decimal that is read as this number: what was sent, up to 15 digits of it.
std::optional<std::uint64_t> nanousd_of(double number) {
  std::array<char, 64> digits{};
  const auto [end, failure] =
      std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
  if (failure != std::errc{}) return std::nullopt;
  return relay::parse_usd({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

}  // namespace

value_kind<std::string> text(std::size_t min, std::size_t max) {
  return checked_text(min, max, text_rule(min, max), &breaks_text, false);
}

value_kind<std::string> line(std::size_t min, std::size_t max) {
  return checked_text(min, max, text_rule(min, max) + " on one line", &is_control, true);
}

value_kind<std::string> one_of(std::vector<std::string> allowed) {
  std::string rule = "must be one of: ";
  for (const auto& each : allowed) rule += (&each == &allowed.front() ? "" : ", ") + each;
  ordered_json schema = {{"type", "string"}, {"enum", allowed}};
  return {std::move(schema),
          [allowed = std::move(allowed), rule = std::move(rule)](
              const json& value, const std::string& path) -> result<std::string> {
            const auto known = std::find(allowed.begin(), allowed.end(), value);
            if (known == allowed.end()) return field_error(path, rule);
            return *known;
          },
          &as_it_is<std::string>};
}

value_kind<bool> boolean() {
  return {{{"type", "boolean"}},
          [](const json& value, const std::string& path) -> result<bool> {
            if (!value.is_boolean()) return field_error(path, "must be true or false");
            return value.get<bool>();
          },
          &as_it_is<bool>};
}

value_kind<wall_time> point_in_time() {
  return {{{"type", "string"}, {"format", "date-time"}},
          [](const json& value, const std::string& path) -> result<wall_time> {
            const auto time = value.is_string()
                                  ? parse_timestamp(value.get_ref<const std::string&>())
                                  : std::nullopt;
            if (!time) {
              return field_error(path, "must be a time such as 2026-12-31T18:00:00Z or 2026-12-31");
            }
            return *time;
          },
          [](const wall_time& time) { return ordered_json(spell_timestamp(time)); }};
}

value_kind<std::uint64_t> usd(std::uint32_t max_usd) {
  constexpr std::uint64_t nanousd_per_usd = 1'000'000'000;
  auto rule = "must be a number from 0 to " + std::to_string(max_usd) + " with up to 9 decimals";
  return {{{"type", "number"}, {"minimum", 0}, {"maximum", max_usd}},
          [max = max_usd * nanousd_per_usd, rule = std::move(rule)](
              const json& value, const std::string& path) -> result<std::uint64_t> {
            const auto amount = value.is_number() ? nanousd_of(value.get<double>()) : std::nullopt;
            if (!amount || *amount > max) return field_error(path, rule);
            return *amount;
          },
          [](const std::uint64_t& nanousd) {
            return ordered_json(text::parse_number<double>(relay::spell_usd(nanousd)).value_or(0));
          }};
}

result<std::int64_t> read_whole_number(const json& value, const std::string& path, std::int64_t min,
                                       std::int64_t max) {
  const auto in_range = [&]<class N>(N number) {
    return std::cmp_greater_equal(number, min) && std::cmp_less_equal(number, max);
  };
  const bool fits = value.is_number_unsigned()
                        ? in_range(value.get<std::uint64_t>())
                        : value.is_number_integer() && in_range(value.get<std::int64_t>());
  if (fits) return value.get<std::int64_t>();
  return field_error(
      path, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
}

ordered_json whole_number_schema(std::int64_t min, std::int64_t max) {
  return {{"type", "integer"}, {"minimum", min}, {"maximum", max}};
}

}  // namespace baton::admin
