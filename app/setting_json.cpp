#include "app/setting_json.hpp"

#include "app/setting_rules.hpp"
#include "base/text.hpp"

namespace baton::app {

nlohmann::ordered_json setting_json(const setting& which, const config& values) {
  const auto shown = shown_value(which, values);
  switch (which.kind) {
    case setting_kind::number: return std::stoull(shown);
    case setting_kind::bytes: return parse_bytes(shown).value();
    case setting_kind::duration: return std::stod(shown);
    case setting_kind::boolean: return shown == "true";
    case setting_kind::list: return text::split(shown, ',');
    default: return shown;
  }
}

}  // namespace baton::app
