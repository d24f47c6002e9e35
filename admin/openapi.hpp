// The description of the administration's API: OpenAPI 3.1, made of the tables that serve it, so
// that it cannot tell of another API than the one that is there.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace baton::admin {

// Of the routes of admin/route.hpp and the schemas of admin/schemas.hpp.
nlohmann::ordered_json openapi();

const std::string& openapi_text();  // the same, made once

// An HTML page that shows it, complete in itself: no script, nothing from elsewhere.
const std::string& openapi_page();

}  // namespace baton::admin
