// An accepted URL has parts that can stand in a request's head, and put together again they are the
// same endpoint.
#include <string>

#include "relay/endpoint.hpp"
#include "tests/fuzz/input.hpp"

namespace {

bool is_safe_in_a_head(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > 0x20 && c < 0x7f && c != '?' && c != '#'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view url = baton::fuzz::as_text(data, size);
  const auto target = baton::relay::parse_endpoint(url);
  if (!target) {
    baton::fuzz::require(!target.error().text.empty(), "an error says what is wrong");
    return 0;
  }
  baton::fuzz::require(!target->host.empty() && target->port != 0, "there is somewhere to connect");
  for (const std::string_view part : {target->host, target->base_path, target->authority}) {
    baton::fuzz::require(is_safe_in_a_head(part), "a part cannot end the line");
  }
  const std::string again =
      (target->tls ? "https://" : "http://") + target->authority + target->base_path;
  const auto same = baton::relay::parse_endpoint(again);
  baton::fuzz::require(same && *same == *target, "put together again it is the same");

  for (const std::string_view route :
       {"/v1/messages", "/v1/messages/count_tokens", "/v1/models", "/v1beta/models/x:y"}) {
    const std::string once = baton::relay::join_path(target->base_path, route);
    baton::fuzz::require(once.starts_with('/') && is_safe_in_a_head(once), "the path is one");
    baton::fuzz::require(once.ends_with(route.substr(route.rfind('/'))), "the route is reached");
    baton::fuzz::require(baton::relay::join_path(once, route) == once, "a route is never doubled");
  }
  return 0;
}
