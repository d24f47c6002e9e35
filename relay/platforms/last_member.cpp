#include "relay/platforms/last_member.hpp"

#include "relay/api.hpp"
#include "relay/platforms/json_skimmer.hpp"

namespace baton::relay {
namespace {

// The object that is the value of a member, whose name is in front; empty if it is none.
std::string_view object_behind_name(std::string_view text) {
  constexpr std::string_view gaps = " \t\r\n";
  const auto colon = text.find_first_not_of(gaps);
  if (colon == text.npos || text[colon] != ':') return {};
  json_skimmer json(text.substr(colon + 1));
  return json.next() == '{' ? json.value() : std::string_view();
}

std::string_view find_last(std::string_view end, std::string_view quoted_name) {
  for (auto at = end.rfind(quoted_name); at != end.npos; at = end.rfind(quoted_name, at - 1)) {
    const auto object = object_behind_name(end.substr(at + quoted_name.size()));
    if (!object.empty() || at == 0) return object;
  }
  return {};
}

}  // namespace

last_member::last_member(std::string_view end, std::string_view name) {
  const std::string quoted_name = '"' + std::string(name) + '"';
  const auto object = find_last(end, quoted_name);
  text_ = '{';
  if (!object.empty()) text_.append(quoted_name).append(1, ':').append(object);
  text_ += '}';
  text_.append(json_padding_bytes, ' ');
}

std::string_view last_member::padded() const {
  return std::string_view(text_).substr(0, text_.size() - json_padding_bytes);
}

}  // namespace baton::relay
