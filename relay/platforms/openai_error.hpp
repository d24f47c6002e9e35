// How OpenAI's APIs name what went wrong: read from upstreams, and written for Baton's own errors.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "relay/verdict.hpp"

namespace baton::relay {

// What an error of this code or type means; nothing: the client's own mistake.
// https://platform.openai.com/docs/guides/error-codes names most of them.
std::optional<failure_kind> openai_error_kind(std::string_view name);

// An error has a code and a type, either may be missing: the one that says more, since a code that
// nobody knows comes with a type that everybody does.
std::string_view telling_error_name(std::string_view code, std::string_view type);

// {"message", "type", "param", "code"}
nlohmann::ordered_json openai_error_object(const error& failure);
// {"error": the above}
std::string openai_error_body(const error& failure);

}  // namespace baton::relay
