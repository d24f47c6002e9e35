// Makes the rows of the tables of settings, one maker per kind of value.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "app/setting_rules.hpp"
#include "app/settings.hpp"
#include "base/text.hpp"

namespace baton::app::make_setting {

// The member of a section, for reading and writing: field<&config::server, &server_settings::port>.
template <auto Section, auto Member>
struct field {
  static auto& of(config& values) { return values.*Section.*Member; }
  static const auto& of(const config& values) { return values.*Section.*Member; }
};

template <class Field>
setting number(std::string_view name, std::string_view short_name, std::int64_t min,
               std::int64_t max, std::string_view help) {
  setting made{name, short_name, setting_kind::number, help, {}, false, {}, {}};
  made.allowed = "a whole number from " + std::to_string(min) + " to " + std::to_string(max);
  made.assign = [min, max](config& values, std::string_view text) {
    const auto parsed = baton::text::parse_number<std::int64_t>(baton::text::trim(text));
    if (!parsed || *parsed < min || *parsed > max) return false;
    auto& target = Field::of(values);
    target = static_cast<std::remove_reference_t<decltype(target)>>(*parsed);
    return true;
  };
  made.spell = [](const config& values) { return std::to_string(Field::of(values)); };
  return made;
}

template <class Field>
setting bytes(std::string_view name, std::uint64_t min, std::uint64_t max, std::string_view help) {
  setting made{name, {}, setting_kind::bytes, help, {}, false, {}, {}};
  made.allowed = "bytes from " + spell_bytes(min) + " to " + spell_bytes(max) +
                 " (a number, or one with KiB, MiB or GiB)";
  made.assign = [min, max](config& values, std::string_view text) {
    const auto parsed = parse_bytes(text);
    if (!parsed || *parsed < min || *parsed > max) return false;
    Field::of(values) = *parsed;
    return true;
  };
  made.spell = [](const config& values) { return spell_bytes(Field::of(values)); };
  return made;
}

template <class Field>
setting duration(std::string_view name, std::chrono::milliseconds min, std::chrono::seconds max,
                 std::string_view help) {
  setting made{name, {}, setting_kind::duration, help, {}, false, {}, {}};
  made.allowed = "seconds from " + spell_duration(min) + " to " + spell_duration(max) +
                 " (a number, or one with ms, s, m, h or d)";
  made.assign = [min, max](config& values, std::string_view text) {
    const auto parsed = parse_duration(text);
    if (!parsed || *parsed < min || *parsed > max) return false;
    Field::of(values) = *parsed;
    return true;
  };
  made.spell = [](const config& values) { return spell_duration(Field::of(values)); };
  return made;
}

// Kept in millionths. Text, so that no file can write it as a number that is not exact.
template <class Field>
setting decimal(std::string_view name, std::string_view help) {
  setting made{name, {}, setting_kind::text, help, {}, false, {}, {}};
  made.allowed = "a decimal number from 0 to 1000 with up to 6 decimals";
  made.assign = [](config& values, std::string_view text) {
    const auto parsed = parse_millionths(text);
    if (parsed) Field::of(values) = *parsed;
    return parsed.has_value();
  };
  made.spell = [](const config& values) { return spell_millionths(Field::of(values)); };
  return made;
}

template <class Field>
setting text_value(std::string_view name, std::string_view short_name, text_rule rule,
                   std::string_view help) {
  setting made{name, short_name, setting_kind::text, help, std::string(rule.allowed), false,
               {},   {}};
  made.assign = [rule](config& values, std::string_view text) {
    auto accepted = rule.read(text);
    if (!accepted) return false;
    Field::of(values) = *std::move(accepted);
    return true;
  };
  made.spell = [](const config& values) { return Field::of(values); };
  return made;
}

// Values separated by commas; `rule` is that of one of them.
template <class Field>
setting list(std::string_view name, text_rule rule, std::string_view help) {
  setting made{name, {}, setting_kind::list, help, std::string(rule.allowed), false, {}, {}};
  made.assign = [rule](config& values, std::string_view text) {
    std::vector<std::string> accepted;
    for (const auto& each : baton::text::split(text, ',')) {
      auto one = rule.read(each);
      if (!one) return false;
      accepted.push_back(*std::move(one));
    }
    Field::of(values) = std::move(accepted);
    return true;
  };
  made.spell = [](const config& values) {
    std::string spelled;
    for (const auto& each : Field::of(values)) spelled += (spelled.empty() ? "" : ",") + each;
    return spelled;
  };
  return made;
}

inline setting secret(setting made) {
  made.secret = true;
  return made;
}

template <class Field, std::size_t Count>
setting choice(std::string_view name, std::string_view short_name,
               std::array<std::string_view, Count> words, std::string_view help) {
  setting made{name, short_name, setting_kind::choice, help, "one of", false, {}, {}};
  for (const auto& word : words)
    made.allowed += (&word == &words[0] ? " " : ", ") + std::string(word);
  made.assign = [words](config& values, std::string_view text) {
    const auto found =
        std::find(words.begin(), words.end(), baton::text::to_lower(baton::text::trim(text)));
    if (found == words.end()) return false;
    auto& target = Field::of(values);
    target = static_cast<std::remove_reference_t<decltype(target)>>(found - words.begin());
    return true;
  };
  made.spell = [words](const config& values) {
    return std::string(words[static_cast<std::size_t>(Field::of(values))]);
  };
  return made;
}

template <class Field>
setting boolean(std::string_view name, std::string_view help) {
  setting made{name, {}, setting_kind::boolean, help, "true or false", false, {}, {}};
  made.assign = [](config& values, std::string_view text) {
    const auto parsed = parse_boolean(text);
    if (parsed) Field::of(values) = *parsed;
    return parsed.has_value();
  };
  made.spell = [](const config& values) {
    return std::string(Field::of(values) ? "true" : "false");
  };
  return made;
}

}  // namespace baton::app::make_setting
