// Which paths the administration answers, and what each does.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "admin/call.hpp"

namespace baton::admin {

// Whether the path belongs to the administration, known to it or not.
bool is_admin_path(std::string_view path);

enum class access : std::uint8_t { anybody, administrator };

// How errors are worded: {"error":{"code","message","field"}}, or v1's {"error","message"}.
enum class dialect : std::uint8_t { v2, v1 };

struct route {
  std::string_view method;
  std::string_view path;  // with a {name} for each parameter, which is one segment
  access open_to = access::administrator;
  outcome (*serve)(call&) = nullptr;
  // For the API's description (admin/openapi.hpp).
  std::string_view summary;
  std::string_view request_schema = {};  // of the body, by its name there; empty: no body
  bool body_optional = false;
  bool checks_if_match = false;
  std::string_view answer_schema = {};                 // empty: the answer is no JSON, but
  std::span<const std::string_view> media_types = {};  // one of these
  int success = 200;
  std::span<const std::string_view> query = {};  // names of its query's parameters
  dialect speaks = dialect::v2;
};

struct route_match {
  const route* found = nullptr;
  std::vector<std::string> parameters;  // unescaped
  std::string allow;                    // for 405: the methods the path has
  dialect speaks = dialect::v2;
};

// HEAD is served as GET.
route_match match_route(std::string_view method, std::string_view path);

// All of them, by subject. Each subject's rows are in its own file, admin/*_routes.cpp.
std::vector<std::span<const route>> all_routes();

std::span<const route> auth_routes();
std::span<const route> key_routes();
std::span<const route> account_routes();
std::span<const route> group_routes();
std::span<const route> tag_routes();
std::span<const route> audit_routes();
std::span<const route> stats_routes();
std::span<const route> system_routes();  // configuration, scheduler, description

// The paths and shapes of v1, for scripts and dashboards that know no others: admin/v1/.
namespace v1 {
std::span<const route> auth_routes();
std::span<const route> key_routes();
std::span<const route> tag_routes();
std::span<const route> account_routes();
std::span<const route> stats_routes();
}  // namespace v1

}  // namespace baton::admin
