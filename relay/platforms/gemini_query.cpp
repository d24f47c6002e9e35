#include "relay/platforms/gemini_query.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "relay/percent_text.hpp"

namespace baton::relay {
namespace {

error refused(std::string_view field, std::string_view what) {
  return downstream_error(error_code::invalid_argument,
                          std::string(field) + ": " + std::string(what));
}

// What is escaped badly is what it is to nobody, and passes.
std::string unescaped(std::string_view text) {
  return percent_decode(text).value_or(std::string(text));
}

// The name of a system parameter may have a dollar sign in front.
bool is_called(std::string_view name, std::string_view parameter) {
  if (name.starts_with('$')) name.remove_prefix(1);
  return text::iequals(name, parameter);
}

// "json;enum-encoding=int" is what some of Google's own clients ask for.
result<answer_format> format_of(std::string_view alt) {
  const auto kind = alt.substr(0, alt.find(';'));
  if (kind == "sse") return answer_format::sse;
  if (kind == "json" || kind.empty()) return answer_format::json_array;
  return refused("alt", "Must be json or sse");
}

}  // namespace

result<answer_format> read_gemini_query(const client_request& request) {
  if (!request.headers.find("x-goog-fieldmask").empty()) {
    return refused("x-goog-fieldmask", "Not supported, because the answer's usage is needed");
  }
  answer_format format = answer_format::json_array;
  for (std::string_view rest = request.query; !rest.empty();) {
    const auto pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const auto sign = std::min(pair.find('='), pair.size());
    const auto name = unescaped(pair.substr(0, sign));
    if (is_called(name, "fields")) {
      return refused("fields", "Not supported, because the answer's usage is needed");
    }
    if (!is_called(name, "alt")) continue;
    const auto asked = format_of(unescaped(pair.substr(std::min(sign + 1, pair.size()))));
    if (!asked) return asked.error();
    if (*asked == answer_format::sse) format = *asked;
  }
  return format;
}

}  // namespace baton::relay
