#include "tests/support/mock_dialect.hpp"

namespace baton::mock {

dialect::refusal dialect::check(const request_head&, const route&, const body_facts&) const {
  return {};
}

}  // namespace baton::mock
