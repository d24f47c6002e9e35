// Turns an upstream's answer, as it passes, into one of the API that the client speaks.
#pragma once

#include <string>
#include <string_view>

namespace baton::relay {

// Lives for one answer; not shared.
class answer_decoder {
 public:
  virtual ~answer_decoder() = default;

  // Takes the next bytes of the body, split anywhere, and appends what they come to. False: they
  // are broken; what came before them has been appended, and nothing more will be.
  virtual bool decode(std::string_view bytes, std::string& into) = 0;
};

}  // namespace baton::relay
