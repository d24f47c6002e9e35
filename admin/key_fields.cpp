#include "admin/key_fields.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "admin/key_life.hpp"
#include "relay/client_kind.hpp"
#include "relay/key_services.hpp"
#include "relay/service_rates.hpp"

namespace baton::admin {
namespace {

using nlohmann::json;
using relay::api_key;
using relay::key_limits;

constexpr std::int64_t count_max = 1'000'000'000'000'000;  // exact as a number of JSON
constexpr std::uint32_t usd_max = 1'000'000;
constexpr std::uint32_t rate_max = relay::service_rate_max / relay::rate_one;
constexpr std::uint64_t nanos_per_millionth = 1000;

template <class Names>
text_list as_list(const Names& names) {
  return {names.begin(), names.end()};
}

template <class V>
field<api_key> key_field(std::string name, std::string about, V api_key::*member,
                         value_kind<V> kind) {
  return writable<api_key>(std::move(name), std::move(about), member, std::move(kind));
}

template <class V>
field<api_key> limit(std::string name, std::string about, V key_limits::*member,
                     value_kind<V> kind) {
  const auto access = [member](auto& key) -> auto& {
    return key.limits.*member;
  };
  return writable<api_key>(std::move(name), std::move(about), access, std::move(kind));
}

// v1's switches of lists. Without entries a list is off, so `false` empties it, and `true` changes
// nothing; see check_switch().
field<api_key> list_switch(std::string name, std::string about, text_list api_key::*list) {
  auto made = read_only<api_key>(
      std::move(name), std::move(about),
      [list](const api_key& key) { return !(key.*list).empty(); }, boolean());
  made.read = [list, read = boolean().read](api_key& key, const json& value,
                                            const std::string& path) -> result<void> {
    const auto on = read(value, path);
    if (!on) return on.error();
    if (!*on) (key.*list).clear();
    return {};
  };
  return made;
}

result<void> check_switch(const json& object, const std::string& name, const text_list& list,
                          const std::string& list_name) {
  const auto sent = object.find(name);
  if (sent == object.end() || *sent == !list.empty()) return {};
  return field_error(name, "must be true where " + list_name + " has entries, else false");
}

result<void> check_one_binding(const json& object) {
  const auto names = [&object](const char* name) {
    const auto sent = object.find(name);
    return sent != object.end() && !sent->is_null();
  };
  if (!names("accountId") || !names("groupId")) return {};
  return field_error("groupId", "must be null where there is an accountId");
}

// A new binding takes the place of the other.
template <class Id, class Other>
field<api_key> binding(std::string name, std::string about, std::optional<Id> api_key::*member,
                       std::optional<Other> api_key::*other) {
  auto made = key_field(std::move(name), std::move(about), member, or_null(id_of<Id>()));
  made.read = [member, other, read = std::move(made.read)](
                  api_key& key, const json& value, const std::string& path) -> result<void> {
    auto done = read(key, value, path);
    if (done && key.*member) (key.*other).reset();
    return done;
  };
  return made;
}

value_kind<map_by_name<std::int64_t>> service_rates() {
  auto rate = usd(rate_max);
  const std::string rule =
      "must be a number from 0 to " + std::to_string(rate_max) + " with up to 6 decimals";
  const value_kind<std::int64_t> millionths{
      rate.schema,
      [read = rate.read, rule](const json& value, const std::string& path) -> result<std::int64_t> {
        const auto nanos = read(value, path);
        if (!nanos || *nanos % nanos_per_millionth != 0) return field_error(path, rule);
        return static_cast<std::int64_t>(*nanos / nanos_per_millionth);
      },
      [show = rate.show](const std::int64_t& value) {
        return show(static_cast<std::uint64_t>(value) * nanos_per_millionth);
      }};
  return map_of(one_of(as_list(relay::rated_services)), millionths, relay::rated_services.size());
}

value_kind<text_list> models() {
  return list_of(line(1, 256), 1000);
}

field_table<api_key> about_fields() {
  return {
      read_only<api_key>("id", "Made by the server", &api_key::id, id_of<key_id>()),
      required(key_field("name", "Name, for people", &api_key::name, line(1, 100))),
      key_field("description", "What it is for", &api_key::description, text(0, 500)),
      key_field("permissions", "Services it may use; empty: all", &api_key::permissions,
                list_of(one_of(as_list(relay::key_services)), relay::key_services.size())),
      key_field("allowedModels", "The only models it may use; empty: all", &api_key::allowed_models,
                models()),
      list_switch("enableModelRestriction",
                  "Whether restrictedModels has entries; false empties it",
                  &api_key::restricted_models),
      key_field("restrictedModels", "Models it may not use", &api_key::restricted_models, models()),
      binding("accountId", "The only account that serves it; null: none in particular",
              &api_key::bound_account, &api_key::bound_group),
      binding("groupId", "The only group whose accounts serve it; null: none in particular",
              &api_key::bound_group, &api_key::bound_account),
      key_field("bindingFallback",
                "Where that account or group cannot serve it, shared accounts do",
                &api_key::binding_fallback, boolean()),
  };
}

field_table<api_key> limit_fields() {
  return {
      limit("concurrencyLimit", "Requests at once; 0: no limit", &key_limits::concurrency,
            whole_number<std::uint32_t>(0, 1'000'000)),
      limit("concurrentRequestQueue", "Requests that may wait for one of concurrencyLimit",
            &key_limits::queue, whole_number<std::uint32_t>(0, 10'000)),
      key_field("queuePriority", "Where requests wait, smaller goes first",
                &api_key::queue_priority, whole_number(1, 100)),
      limit("rateLimitWindow", "Minutes of the window that the following count in",
            &key_limits::window_minutes, whole_number<std::uint32_t>(0, 525'600)),
      limit("rateLimitRequests", "Requests in a window; 0: no limit", &key_limits::window_requests,
            whole_number<std::uint64_t>(0, count_max)),
      limit("tokenLimit", "Tokens in a window; 0: no limit", &key_limits::window_tokens,
            whole_number<std::uint64_t>(0, count_max)),
      limit("rateLimitCost", "US dollars in a window; 0: no limit",
            &key_limits::window_cost_nanousd, usd(usd_max)),
      limit("dailyCostLimit", "US dollars in a day; 0: no limit", &key_limits::daily_cost_nanousd,
            usd(usd_max)),
      limit("totalCostLimit", "US dollars in all; 0: no limit", &key_limits::total_cost_nanousd,
            usd(usd_max)),
      limit("weeklyOpusCostLimit", "US dollars for Claude models in a week; 0: no limit",
            &key_limits::weekly_claude_cost_nanousd, usd(usd_max)),
      writable<api_key>(
          "weeklyResetDay", "When its week begins: 1 is Monday",
          [](auto& key) -> auto& { return key.limits.week.day; }, whole_number<std::uint8_t>(1, 7)),
      writable<api_key>(
          "weeklyResetHour", "The hour of that day, in the configured time zone",
          [](auto& key) -> auto& { return key.limits.week.hour; },
          whole_number<std::uint8_t>(0, 23)),
      key_field("serviceRates", "What the cost of each service is multiplied with; else 1",
                &api_key::service_rates, service_rates()),
      list_switch("enableClientRestriction", "Whether allowedClients has entries; false empties it",
                  &api_key::allowed_clients),
      key_field("allowedClients", "The only programs that may use it; empty: all",
                &api_key::allowed_clients,
                list_of(one_of(as_list(relay::client_kinds)), relay::client_kinds.size())),
  };
}

field_table<api_key> state_fields() {
  return {
      key_field("isActive", "false switches it off", &api_key::is_active, boolean()),
      read_only<api_key>(
          "isDeleted", "Revoked", [](const api_key& key) { return key.deleted_at.has_value(); },
          boolean()),
      read_only<api_key>("deletedAt", "When it was revoked", &api_key::deleted_at,
                         or_null(point_in_time())),
      key_field("tags", "Words to find it by", &api_key::tags, list_of(line(1, 50), 64)),
      read_only<api_key>("createdAt", "When it was made", &api_key::created_at, point_in_time()),
      read_only<api_key>("updatedAt", "When it was changed last", &api_key::updated_at,
                         point_in_time()),
  };
}

field_table<api_key> all_fields() {
  field_table<api_key> all;
  for (auto* const part : {&about_fields, &limit_fields, &state_fields, &key_life_fields}) {
    for (auto& each : part()) all.push_back(std::move(each));
  }
  return all;
}

}  // namespace

const field_table<api_key>& key_fields() {
  static const auto all = all_fields();
  return all;
}

result<void> read_key(const json& object, api_key& key, read_mode mode) {
  auto changed = key;
  if (auto done = read_fields(key_fields(), object, changed, mode); !done) return done;
  if (auto done = check_one_binding(object); !done) return done;
  if (auto done = check_switch(object, "enableModelRestriction", changed.restricted_models,
                               "restrictedModels");
      !done) {
    return done;
  }
  if (auto done = check_switch(object, "enableClientRestriction", changed.allowed_clients,
                               "allowedClients");
      !done) {
    return done;
  }
  if (auto done = read_key_life(object, changed); !done) return done;
  if (auto done = check_key(changed); !done) return done;
  key = std::move(changed);
  return {};
}

result<void> check_key(const api_key& key) {
  if (auto done = check_fields(key_fields(), key); !done) return done;
  const auto& limits = key.limits;
  if (limits.queue != 0 && limits.concurrency == 0) {
    return field_error("concurrentRequestQueue", "needs a concurrencyLimit that is waited for");
  }
  for (const auto& [counted, name] : {std::pair(limits.window_requests, "rateLimitRequests"),
                                      std::pair(limits.window_tokens, "tokenLimit"),
                                      std::pair(limits.window_cost_nanousd, "rateLimitCost")}) {
    if (counted != 0 && limits.window_minutes == 0) {
      return field_error(name, "needs a rateLimitWindow to count in");
    }
  }
  if (key.bound_account && key.bound_group) {
    return field_error("groupId", "must be null where there is an accountId");
  }
  return {};
}

}  // namespace baton::admin
