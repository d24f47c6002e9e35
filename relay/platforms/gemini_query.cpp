#include "relay/platforms/gemini_query.hpp"

#include <string>

#include "relay/percent_text.hpp"
#include "relay/query_text.hpp"

namespace baton::relay {
namespace {

error refused(std::string_view field, std::string_view what) {
  return downstream_error(error_code::invalid_argument,
                          std::string(field) + ": " + std::string(what));
}

// "json;enum-encoding=int" is what some of Google's own clients ask for.
result<answer_format> format_of(std::string_view alt) {
  const auto kind = alt.substr(0, alt.find(';'));
  if (kind == "sse") return answer_format::sse;
  if (kind == "json" || kind.empty()) return answer_format::json_array;
  return refused("alt", "Must be json or sse");
}

// Some parameters and a header choose what of an answer comes, or put it into JavaScript.
result<void> check_answer_is_whole(const client_request& request) {
  std::string_view found;
  if (!request.headers.find("x-goog-fieldmask").empty()) found = "x-goog-fieldmask";
  for_each_parameter(request.query, [&found](const query_parameter& parameter) {
    if (parameter.is_called("fields")) found = "fields";
    if (parameter.is_called("callback")) found = "callback";
  });
  if (found.empty()) return {};
  return refused(found, "Not supported, because the answer's usage is needed");
}

}  // namespace

result<answer_format> read_gemini_query(const client_request& request) {
  if (auto whole = check_answer_is_whole(request); !whole) return whole.error();
  result<answer_format> format = answer_format::json_array;
  for_each_parameter(request.query, [&format](const query_parameter& parameter) {
    if (!format || !parameter.is_called("alt")) return;
    const auto asked = format_of(percent_decode_leniently(parameter.value));
    if (!asked || *asked == answer_format::sse) format = asked;
  });
  return format;
}

}  // namespace baton::relay
