#include "relay/model_family.hpp"

#include "base/text.hpp"

namespace baton::relay {

std::optional<std::size_t> family_of(std::string_view model) {
  for (std::size_t index = 0; index < model_families.size(); ++index) {
    if (text::icontains(model, model_families[index])) return index;
  }
  return std::nullopt;
}

bool is_claude_model(std::string_view model) {
  return family_of(model).has_value() || text::icontains(model, "claude");
}

}  // namespace baton::relay
