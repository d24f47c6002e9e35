#include "app/config_draft.hpp"

#include <utility>
#include <vector>

#include "base/log_format.hpp"
#include "base/nearest_name.hpp"

namespace baton::app {

config_draft::config_draft() {
  loaded_.origins.assign(settings().size(), "default");
}

result<void> config_draft::assign(const setting& which, std::string_view text, std::string origin) {
  if (!which.assign(loaded_.values, text)) return unusable_value(origin, which, text);
  const auto row = static_cast<std::size_t>(&which - settings().data());
  loaded_.origins[row] = std::move(origin);
  return {};
}

error unusable_value(std::string_view where, const setting& which, std::string_view text,
                     std::string_view allowed) {
  constexpr std::size_t shown_bytes_max = 100;
  std::string line(where);
  if (which.secret) {
    line += ": this secret value";
  } else {
    line += ": \"";
    log::append_text_escaped(line, text.substr(0, shown_bytes_max), true);
    line += text.size() > shown_bytes_max ? "…\"" : "\"";
  }
  line += " cannot be used; allowed: ";
  line += allowed.empty() ? std::string_view(which.allowed) : allowed;
  return downstream_error(error_code::invalid_argument, std::move(line));
}

error unknown_setting(std::string_view where, std::string_view name) {
  std::vector<std::string_view> known;
  for (const auto& each : settings()) known.push_back(each.name);
  std::string line(where);
  line += ": there is no setting ";
  log::append_text_escaped(line, name);
  const auto near = nearest_name(name, known);
  if (!near.empty()) line += "; did you mean " + std::string(near) + "?";
  return downstream_error(error_code::invalid_argument, std::move(line));
}

}  // namespace baton::app
