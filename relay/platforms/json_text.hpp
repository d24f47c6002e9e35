// JSON of Baton's own, as text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace baton::relay {

// On one line. Bytes that are no UTF-8 are replaced: texts of others may hold some.
std::string dump_json(const nlohmann::ordered_json& json);

}  // namespace baton::relay
