#include "relay/query_text.hpp"

#include "base/text.hpp"
#include "relay/percent_text.hpp"

namespace baton::relay {
namespace {

bool is_same_name(std::string_view name, std::string_view wanted) {
  if (name.starts_with('$')) name.remove_prefix(1);
  return text::iequals(name, wanted);
}

}  // namespace

bool query_parameter::is_called(std::string_view wanted) const {
  if (name.find('%') == name.npos) return is_same_name(name, wanted);
  return is_same_name(percent_decode_leniently(name), wanted);
}

query_parameter read_query_parameter(std::string_view text) {
  const auto sign = std::min(text.find('='), text.size());
  return {text, text.substr(0, sign), text.substr(std::min(sign + 1, text.size()))};
}

}  // namespace baton::relay
