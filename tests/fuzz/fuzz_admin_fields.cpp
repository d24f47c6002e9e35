// Whatever body an operator sends: what is accepted as a key or an account can be shown, passes the
// checks, and stays the same when it is sent back. What is refused changes nothing, and a secret is
// never shown.
#include <string>
#include <vector>

#include "admin/account_fields.hpp"
#include "admin/group_fields.hpp"
#include "admin/json_body.hpp"
#include "admin/key_fields.hpp"
#include "relay/platform.hpp"
#include "tests/fuzz/input.hpp"

using baton::fuzz::require;
using nlohmann::json;

namespace {

namespace admin = baton::admin;
namespace relay = baton::relay;

constexpr std::string_view stored_secret = "stored-secret";

// `read` is read_key() or the like.
template <class T, class Read>
void check_reading(const admin::field_table<T>& fields, const json& body, T target, Read read) {
  const auto before = show_fields(fields, target);
  if (const auto done = read(body, target, admin::read_mode::update); !done) {
    require(show_fields(fields, target) == before, "what is refused changes nothing");
    require(!admin::field_of(done.error()).empty(), "what is refused is named");
    require(done.error().text.find(stored_secret) == std::string::npos, "no error has a secret");
    return;
  }
  const auto shown = show_fields(fields, target);
  require(shown.dump().find(stored_secret) == std::string::npos, "no secret is shown");
  const T accepted = target;
  require(bool(read(json(shown), target, admin::read_mode::update)), "what is shown can be sent");
  require(show_fields(fields, target) == shown, "sending it back changes nothing");
  require(changes_between(fields, accepted, target).empty(), "nor is there a change to tell of");
}

relay::account stored_account(const relay::platform& platform) {
  relay::account account;
  account.id = baton::account_id("a");
  account.platform = platform.id();
  account.name = "stored";
  account.api_url = "https://upstream.test";
  account.credential.api_key = stored_secret;
  account.proxy = {"http", "proxy.test", 3128, "user", std::string(stored_secret)};
  if (account.platform == "bedrock") account.region = "eu-central-1";
  return account;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(rest);
  const auto body = admin::parse_object(rest);
  if (!body || rest.find(stored_secret) != rest.npos) return 0;
  const auto& platforms = relay::platforms();
  const auto& platform = *platforms[steering % platforms.size()];
  check_reading(admin::account_fields(), *body, stored_account(platform), &admin::read_account);
  relay::api_key key;
  key.id = baton::key_id("k");
  key.name = "stored";
  check_reading(admin::key_fields(), *body, std::move(key), &admin::read_key);
  relay::account_group group;
  group.name = "stored";
  check_reading(admin::group_fields(), *body, std::move(group), &admin::read_group);
  return 0;
}
