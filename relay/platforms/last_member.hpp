// A member out of the end of a JSON text whose beginning is not there any more.
#pragma once

#include <string>
#include <string_view>

namespace baton::relay {

// The last member of this name whose value is an object, as an object of its own: {"usage":{…}}. An
// empty object if there is none. What a model wrote has its quotes escaped and is none; otherwise
// nothing is checked.
class last_member {
 public:
  last_member(std::string_view end, std::string_view name);

  // json_padding_bytes past its end may be read.
  std::string_view padded() const;

 private:
  std::string text_;
};

}  // namespace baton::relay
