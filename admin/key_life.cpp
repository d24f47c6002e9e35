#include "admin/key_life.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include "base/timestamps.hpp"

namespace baton::admin {
namespace {

using nlohmann::json;
using relay::api_key;
using std::chrono::hours;

constexpr std::int64_t life_hours_max = 24 * 36'500;

// As it is shown and read.
struct shown_life {
  bool from_first_use = false;
  std::int64_t count = 0;
  bool in_days = true;

  std::int64_t in_hours() const { return in_days ? count * 24 : count; }
};

shown_life life_of(const api_key& key) {
  const auto whole = std::chrono::duration_cast<hours>(key.activation).count();
  const bool in_days = whole % 24 == 0;
  return {whole > 0, in_days ? whole / 24 : whole, in_days};
}

std::string mode_of(const api_key& key) {
  return life_of(key).from_first_use ? "activation" : "fixed";
}

std::string unit_of(const api_key& key) {
  return life_of(key).in_days ? "days" : "hours";
}

std::int64_t count_of(const api_key& key) {
  return life_of(key).count;
}

template <class V, class Access>
field<api_key> checked_only(std::string name, std::string about, Access access,
                            value_kind<V> kind) {
  auto made = read_only<api_key>(std::move(name), std::move(about), access, kind);
  made.read = [read = std::move(kind.read)](api_key&, const json& value,
                                            const std::string& path) -> result<void> {
    const auto got = read(value, path);
    return got ? result<void>() : got.error();
  };
  return made;
}

// What `object` says of it, over what `key` had.
shown_life sent_life(const json& object, const api_key& key) {
  auto life = life_of(key);
  life.from_first_use = object.value("expirationMode", mode_of(key)) == "activation";
  life.count = object.value("activationDays", life.count);
  life.in_days = object.value("activationUnit", unit_of(key)) == "days";
  return life;
}

result<void> read_life_from_first_use(const shown_life& life, api_key& key) {
  if (life.count < 1 || life.in_hours() > life_hours_max) {
    return field_error("activationDays",
                       "must be from 1 hour to 36500 days where expirationMode is activation");
  }
  const hours length(life.in_hours());
  if (key.activation == length) return {};
  key.activation = length;
  key.expires_at.reset();
  if (key.activated_at) key.expires_at = *key.activated_at + length;
  return {};
}

// What a GET gave may come back beside another life.
result<void> check_expiry_from_first_use(const std::optional<wall_time>& sent,
                                         const std::optional<wall_time>& before,
                                         const api_key& key) {
  if (sent == before || sent == key.expires_at) return {};
  return field_error("expiresAt", "follows from the first use where expirationMode is activation");
}

}  // namespace

field_table<api_key> key_life_fields() {
  return {
      checked_only("expiresAt", "When it ends; null: never", &api_key::expires_at,
                   or_null(point_in_time())),
      checked_only("expirationMode",
                   "fixed: it ends at expiresAt; activation: so long after its first use", &mode_of,
                   one_of({"fixed", "activation"})),
      checked_only("activationDays", "Its life from its first use, in activationUnit", &count_of,
                   whole_number<std::int64_t>(0, life_hours_max)),
      checked_only("activationUnit", "Of activationDays", &unit_of, one_of({"hours", "days"})),
      read_only<api_key>(
          "isActivated", "Its life has begun",
          [](const api_key& key) { return !relay::awaits_first_use(key); }, boolean()),
      read_only<api_key>("activatedAt", "Its first use, where its life is counted from that",
                         &api_key::activated_at, or_null(point_in_time())),
  };
}

result<void> read_key_life(const json& object, api_key& key) {
  const auto before = key.expires_at;
  const auto life = sent_life(object, key);
  auto expires_at = before;
  if (const auto sent = object.find("expiresAt"); sent != object.end()) {
    const auto got = or_null(point_in_time()).read(*sent, "expiresAt");
    if (!got) return got.error();
    expires_at = *got;
  }
  if (life.from_first_use) {
    if (auto done = read_life_from_first_use(life, key); !done) return done;
    return check_expiry_from_first_use(expires_at, before, key);
  }
  const bool was_from_first_use = key.activation.count() > 0;
  if (life.count != 0 && !was_from_first_use) {
    return field_error("activationDays", "must be 0 unless expirationMode is activation");
  }
  key.activation = {};
  key.expires_at = expires_at;
  return {};
}

}  // namespace baton::admin
