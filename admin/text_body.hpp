// Bodies that are a few texts: {"username":…,"password":…}
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "admin/call.hpp"

namespace baton::admin {

struct text_member {
  constexpr text_member(const char* given) : name(given) {}
  constexpr text_member(const char* given, bool must) : name(given), required(must) {}
  std::string_view name;
  bool required = true;
};

// In the order of `members`; one that may be missing is then empty. Errors: malformed_request;
// invalid_argument naming a member that is unknown, missing or no text.
result<std::vector<std::string>> read_texts(const call& made,
                                            std::initializer_list<text_member> members);

}  // namespace baton::admin
