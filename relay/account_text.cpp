#include "relay/account_text.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"

namespace baton::relay {
namespace {

constexpr std::array<account_type, 3> types = {account_type::shared, account_type::dedicated,
                                               account_type::group};
constexpr std::string_view drain_prefix = "drain:";

void append_name(std::string& list, std::string_view name) {
  if (!list.empty()) list += ", ";
  list += name;
}

}  // namespace

std::string_view to_string(account_type type) {
  switch (type) {
    case account_type::shared: return "shared";
    case account_type::dedicated: return "dedicated";
    case account_type::group: return "group";
  }
  return "shared";
}

std::optional<account_type> parse_account_type(std::string_view text) {
  for (const auto type : types) {
    if (to_string(type) == text) return type;
  }
  return std::nullopt;
}

std::string to_string(const disconnect_policy& policy) {
  if (policy.what == disconnect_policy::action::cancel) return "cancel";
  if (policy.drain_max.count() == 0) return "drain";
  return std::string(drain_prefix) + std::to_string(policy.drain_max.count());
}

std::optional<disconnect_policy> parse_disconnect_policy(std::string_view text) {
  using action = disconnect_policy::action;
  if (text == "cancel") return disconnect_policy{};
  if (text == "drain") return disconnect_policy{action::drain, {}};
  if (!text.starts_with(drain_prefix)) return std::nullopt;
  text.remove_prefix(drain_prefix.size());
  if (text.ends_with('s')) text.remove_suffix(1);
  const auto seconds = text::parse_number<std::uint32_t>(text);
  if (!seconds || *seconds == 0) return std::nullopt;
  return disconnect_policy{action::drain, std::chrono::seconds(*seconds)};
}

const timeout_field* find_timeout_field(std::string_view name) {
  const auto found = std::find_if(timeout_fields.begin(), timeout_fields.end(),
                                  [&](const timeout_field& each) { return each.name == name; });
  return found == timeout_fields.end() ? nullptr : &*found;
}

std::string timeout_names() {
  std::string names;
  for (const auto& each : timeout_fields) append_name(names, each.name);
  return names;
}

bool may_have_cooldown(std::string_view kind) {
  return std::any_of(cooldown_kinds.begin(), cooldown_kinds.end(),
                     [&](failure_kind each) { return to_string(each) == kind; });
}

std::string cooldown_names() {
  std::string names;
  for (const auto each : cooldown_kinds) append_name(names, to_string(each));
  return names;
}

}  // namespace baton::relay
