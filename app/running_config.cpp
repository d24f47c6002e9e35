#include "app/running_config.hpp"

#include <algorithm>
#include <array>

#include "admin/field_error.hpp"
#include "app/logging.hpp"
#include "app/setting_json.hpp"
#include "app/settings.hpp"

namespace baton::app {
namespace {

// Everything else is read where the server is built, and is constant from then on.
constexpr std::array<std::string_view, 2> changeable = {"log.level", "log.format"};

bool can_change(std::string_view name) {
  return std::find(changeable.begin(), changeable.end(), name) != changeable.end();
}

result<void> change_one(const std::string& name, const nlohmann::json& value, config& values) {
  const auto* const which = find_setting(name);
  if (which == nullptr) return admin::field_error(name, "there is no such setting");
  if (!can_change(name)) {
    return admin::field_error(name,
                              "cannot be changed while Baton runs: set it in the configuration and "
                              "start anew");
  }
  const auto text = value.is_string() ? value.get<std::string>() : value.dump();
  if (which->assign(values, text)) return {};
  return admin::field_error(name, "allowed: " + which->allowed);
}

result<config> changed(const config& from, const nlohmann::json& wanted) {
  auto next = from;
  for (const auto& [name, value] : wanted.items()) {
    if (auto done = change_one(name, value, next); !done) return done.error();
  }
  return next;
}

}  // namespace

nlohmann::ordered_json running_config::show() const {
  auto all = nlohmann::ordered_json::array();
  for (const auto& each : settings()) {
    all.push_back({{"name", each.name},
                   {"value", setting_json(each, values_)},
                   {"default", setting_json(each, config{})},
                   {"allowed", each.allowed},
                   {"about", each.help},
                   {"changeable", can_change(each.name)}});
  }
  return {{"settings", std::move(all)}};
}

result<nlohmann::ordered_json> running_config::changes(const nlohmann::json& wanted) const {
  const auto next = changed(values_, wanted);
  if (!next) return next.error();
  auto changes = nlohmann::ordered_json::object();
  for (const auto& [name, value] : wanted.items()) {
    const auto& which = *find_setting(name);
    const auto before = setting_json(which, values_);
    const auto after = setting_json(which, *next);
    if (before != after) changes[name] = {before, after};
  }
  return {boost::system::in_place_value, std::move(changes)};
}

void running_config::change(const nlohmann::json& wanted) {
  const auto next = changed(values_, wanted);
  if (!next) return;
  values_ = *next;
  configure_logging(values_.log);
}

}  // namespace baton::app
