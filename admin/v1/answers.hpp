// What v1's routes have in common.
#pragma once

#include <string_view>

#include "admin/call.hpp"
#include "admin/route.hpp"

namespace baton::admin::v1 {

// {"success":true,"data":…}
answer success(ordered_json data);

// {"success":true,"message":…} and what else there is to tell.
answer success_message(std::string_view message, ordered_json more = ordered_json::object());

// A row for those that ask for a login.
constexpr route row(std::string_view method, std::string_view path, outcome (*serve)(call&),
                    std::string_view summary, std::string_view request_schema = {},
                    std::span<const std::string_view> query = {}) {
  return {.method = method,
          .path = path,
          .serve = serve,
          .summary = summary,
          .request_schema = request_schema,
          .answer_schema = "V1Answer",
          .query = query,
          .speaks = dialect::v1};
}

}  // namespace baton::admin::v1
