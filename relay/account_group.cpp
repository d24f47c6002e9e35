#include "relay/account_group.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t name_bytes_max = 100;
constexpr std::size_t description_bytes_max = 500;

error wrong(const char* text) {
  return downstream_error(error_code::invalid_argument, text);
}

bool breaks_a_list(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == ',';
}

}  // namespace

result<void> check_group(const account_group& group) {
  const auto& name = group.name;
  if (name.empty() || name.size() > name_bytes_max || text::trim(name).size() != name.size()) {
    return wrong("name must have 1 to 100 bytes and no space at either end");
  }
  if (std::any_of(name.begin(), name.end(), breaks_a_list)) {
    return wrong("name must not have commas and control characters");
  }
  if (text::iequals(name, "none") || text::iequals(name, "any")) {
    return wrong("name must not be none or any, which mean no group");
  }
  if (group.description.size() > description_bytes_max) {
    return wrong("description must not be longer than 500 bytes");
  }
  return {};
}

}  // namespace baton::relay
