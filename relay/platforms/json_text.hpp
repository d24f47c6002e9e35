// JSON of Baton's own, as text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/error.hpp"

namespace baton::relay {

// On one line. Bytes that are no UTF-8 are replaced: texts of others may hold some.
std::string dump_json(const nlohmann::ordered_json& json);

// What an error's details add to its body.
void append_details(nlohmann::ordered_json& body, const error& failure);

}  // namespace baton::relay
