// Families of Claude models. Anthropic's subscriptions have limits of their own for each, so an
// account that is limited for one can still serve the others.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace baton::relay {

inline constexpr std::array<std::string_view, 4> model_families = {"opus", "sonnet", "haiku",
                                                                   "fable"};

// Index into model_families of the one whose name is part of `model`, as v1 tells them apart.
std::optional<std::size_t> family_of(std::string_view model);

// Whether the limits of what Claude models cost are about it.
bool is_claude_model(std::string_view model);

}  // namespace baton::relay
