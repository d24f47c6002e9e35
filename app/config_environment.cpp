// Environment variables: those of v1 that still mean something, and BATON_* from the table of
// settings. An empty value counts as not set, as it did in v1.
#include <unistd.h>

#include <algorithm>
#include <array>

#include "app/config_draft.hpp"
#include "base/nearest_name.hpp"
#include "base/text.hpp"

namespace baton::app {
namespace {

// The text that the setting takes for v1's spelling of the value.
using translation = std::string (*)(std::string_view text);

std::string same(std::string_view text) {
  return std::string(text);
}

bool is_number(std::string_view text) {
  return text::parse_number<std::uint32_t>(text::trim(text)).has_value();
}
std::string milliseconds(std::string_view text) {
  return is_number(text) ? std::string(text::trim(text)) + "ms" : std::string();
}
std::string minutes(std::string_view text) {
  return is_number(text) ? std::string(text::trim(text)) + "m" : std::string();
}
// With a fraction if need be, as in v1.
std::string hours(std::string_view text) {
  text = text::trim(text);
  return text::parse_number<double>(text) ? std::string(text) + "h" : std::string();
}
std::string mebibytes(std::string_view text) {
  return is_number(text) ? std::string(text::trim(text)) + "MiB" : std::string();
}

// v1's logger had more levels between info and debug.
std::string winston_level(std::string_view text) {
  const auto level = text::to_lower(text::trim(text));
  if (level == "http") return "info";
  if (level == "verbose") return "debug";
  return level == "silly" ? "trace" : level;
}

// Some shells export it as HOST, without a thought of servers.
std::string machine_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

struct v1_variable {
  std::string_view name;
  std::string_view setting;
  translation translate = same;
  std::string_view allowed = {};  // where v1's unit is another one
};

constexpr std::string_view v1_timeouts = "a whole number of milliseconds from 1 to 86400000";

constexpr std::array<v1_variable, 17> v1_variables = {{
    {"PORT", "server.port"},
    {"HOST", "server.host"},
    {"ENCRYPTION_KEY", "storage.encryption_key"},
    {"ADMIN_USERNAME", "admin.username"},
    {"ADMIN_PASSWORD", "admin.password"},
    {"JWT_SECRET", "admin.jwt_secret"},
    {"ADMIN_SESSION_TIMEOUT", "admin.session_seconds", milliseconds,
     "a whole number of milliseconds from 60000 to 2592000000"},
    {"API_KEY_PREFIX", "keys.prefix"},
    {"LOG_LEVEL", "log.level", winston_level,
     "one of error, warn, info, http, verbose, debug, silly"},
    {"REQUEST_TIMEOUT", "timeouts.total", milliseconds, v1_timeouts},
    {"REQUEST_TIMEOUT", "timeouts.json_head", milliseconds, v1_timeouts},
    {"REQUEST_MAX_SIZE_MB", "limits.body_bytes_max", mebibytes,
     "a whole number of megabytes from 1 to 4096"},
    {"HTTPS_FREE_SOCKET_TIMEOUT", "timeouts.upstream_idle", milliseconds,
     "a whole number of milliseconds from 0 to 3600000"},
    {"STICKY_SESSION_TTL_HOURS", "sessions.ttl", hours, "hours, more than 0 and up to 8760"},
    {"STICKY_SESSION_RENEWAL_THRESHOLD_MINUTES", "sessions.renew_below", minutes,
     "a whole number of minutes from 0 to 525600"},
    {"TIMEZONE_OFFSET", "time.utc_offset_hours"},
    {"TOKEN_USAGE_RETENTION", "usage.keep_records", milliseconds,
     "a whole number of milliseconds from 3600000 to 4294967295"},
}};

class environment_reader {
 public:
  environment_reader(config_draft& draft, const environment& variables)
      : draft_(draft), variables_(variables) {}

  // The value, or nothing if it is not set. Kubernetes announces a service called "baton" as
  // BATON_PORT=tcp://…, which is not meant for us.
  const std::string* find(const std::string& name) const {
    const auto found = variables_.find(name);
    if (found == variables_.end() || text::trim(found->second).empty()) return nullptr;
    const bool announced = found->second.rfind("tcp://", 0) == 0;
    return announced ? nullptr : &found->second;
  }

  result<void> read_v1(std::string_view prefix) {
    for (const auto& [name, setting_name, translate, allowed] : v1_variables) {
      const auto variable = std::string(prefix) + std::string(name);
      const auto* const text = find(variable);
      if (text == nullptr || (variable == "HOST" && *text == machine_name())) continue;
      const auto& which = *find_setting(setting_name);
      if (!draft_.assign(which, translate(*text), variable)) {
        return unusable_value(variable, which, *text, allowed);
      }
    }
    return {};
  }

  result<void> read_own() {
    for (const auto& each : settings()) {
      for (const auto name : {each.short_name, each.name}) {
        const auto variable = environment_name(name);
        const auto* const text = name.empty() ? nullptr : find(variable);
        if (text == nullptr) continue;
        if (auto done = draft_.assign(each, *text, variable); !done) return done;
      }
    }
    return {};
  }

 private:
  config_draft& draft_;
  const environment& variables_;
};

void warn_of_redis(config_draft& draft, const environment_reader& reader) {
  for (const std::string prefix : {"", "CRS_"}) {
    for (const std::string name : {"REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_URL"}) {
      if (reader.find(prefix + name) == nullptr) continue;
      draft.warn(prefix + name + " is set, but this version stores in SQLite and uses no Redis");
      return;
    }
  }
}

bool belongs_to_kubernetes(std::string_view name) {
  return name.rfind("BATON_SERVICE_", 0) == 0 || name.rfind("BATON_PORT_", 0) == 0;
}

void warn_of_unknown(config_draft& draft, const environment& variables) {
  std::vector<std::string> own = {"BATON_CONFIG"};
  for (const auto& each : settings()) {
    own.push_back(environment_name(each.name));
    if (!each.short_name.empty()) own.push_back(environment_name(each.short_name));
  }
  const std::vector<std::string_view> known(own.begin(), own.end());
  for (auto each = variables.lower_bound("BATON_"); each != variables.end(); ++each) {
    const auto& name = each->first;
    if (name.rfind("BATON_", 0) != 0) break;
    const bool is_known = std::find(known.begin(), known.end(), name) != known.end();
    if (is_known || belongs_to_kubernetes(name)) continue;
    const auto near = nearest_name(name, known);
    draft.warn(name + " is no setting of Baton" +
               (near.empty() ? "" : "; did you mean " + std::string(near) + "?"));
  }
}

}  // namespace

result<void> read_environment(config_draft& draft, const environment& variables) {
  environment_reader reader(draft, variables);
  for (const auto prefix : {"", "CRS_"}) {
    if (auto done = reader.read_v1(prefix); !done) return done;
  }
  if (auto done = reader.read_own(); !done) return done;
  warn_of_redis(draft, reader);
  warn_of_unknown(draft, variables);
  return {};
}

}  // namespace baton::app
