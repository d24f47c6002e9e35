// JSON Schemas of what the administration's API takes and gives, by the names that its routes use.
#pragma once

#include <nlohmann/json.hpp>

namespace baton::admin {

// {"Key":{…},"KeyPage":{…},…}
nlohmann::ordered_json schemas();

}  // namespace baton::admin
