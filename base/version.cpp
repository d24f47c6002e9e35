#include "base/version.hpp"

namespace baton {

std::string_view version() {
  return BATON_VERSION;
}

}  // namespace baton
