#include "tests/support/mock_route.hpp"

namespace baton::mock {

namespace {

route make_route(const dialect& speaks, operation what, bool method_allowed) {
  route way;
  way.speaks = &speaks;
  way.what = what;
  way.method_allowed = method_allowed;
  return way;
}

// GET …/models is shared by the vendors; its headers tell which is meant.
route models_route(const request_head& head) {
  const bool get = head.method == "GET";
  if (!head.path.ends_with("/v1/models")) return make_route(anthropic(), operation::unknown, true);
  return make_route(anthropic(), operation::list_models, get);
}

}  // namespace

route find_route(const request_head& head) {
  const bool post = head.method == "POST";
  if (head.path.ends_with("/v1/messages")) {
    return make_route(anthropic(), operation::generate, post);
  }
  if (head.path.ends_with("/v1/messages/count_tokens")) {
    return make_route(anthropic(), operation::count_tokens, post);
  }
  return models_route(head);
}

}  // namespace baton::mock
