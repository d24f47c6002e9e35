// One call of the administration's API while a route serves it.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "admin/author.hpp"
#include "admin/catalogue.hpp"
#include "admin/errand.hpp"
#include "admin/login.hpp"
#include "admin/request.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "storage/ledger/ledger_reader.hpp"
#include "storage/store.hpp"

namespace baton::admin {

using json = nlohmann::json;
using ordered_json = nlohmann::ordered_json;

// What is configured, and what of it may change while Baton runs. Nothing of it is secret.
class live_config {
 public:
  virtual ~live_config() = default;

  // {"settings":[{"name","value","about","changeable"}]}
  virtual ordered_json show() const = 0;
  // What {"log.level":"debug"} would change: name -> [old, new]. Errors: invalid_argument naming
  // the setting.
  virtual result<ordered_json> changes(const json& wanted) const = 0;
  // Does so, until the next start, if changes() has no error.
  virtual void change(const json& wanted) = 0;
  // Has the price file read anew, whether or not it has changed.
  virtual void reload_prices() = 0;
};

// What routes work with besides the call itself. Belongs to the thread that serves the calls.
struct desk {
  storage::store& store;
  storage::ledger_reader& ledger;
  login_service& logins;
  const std::string key_prefix;      // of new keys
  const std::string encryption_key;  // secret; what clients' keys are hashed with
  const std::chrono::hours utc_offset;
  live_config& config;
  catalogue known{store};
};

struct call {
  const request& asked;
  desk& at;
  const findings& found;
  moment now;
  admin_identity who;                   // of a route that asks for a login
  std::vector<std::string> parameters;  // what stands for each {} of the route's path
  bool changed = false;                 // set by the route: keys, accounts or groups are others now
};

// How a route ends: with an answer, an error, or with what it must know first.
using outcome = std::variant<answer, error, errand>;

// Whoever made the call, for the audit log.
author author_of(const call& made);

answer json_answer(const ordered_json& body, int status = 200);

// The body as a JSON object. Errors: malformed_request.
result<json> body_of(const call& made);

// The same for a change of something that was last changed at `updated_at`. It may be all of what a
// GET gave: its updatedAt is then what If-Match is otherwise, and those of `read_only`, which
// change by themselves, are passed over. Errors: conflict, too.
result<json> change_of(const call& made, wall_time updated_at,
                       std::initializer_list<const char*> read_only = {});

}  // namespace baton::admin
