#include "admin/openapi.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "admin/route.hpp"
#include "admin/schemas.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "relay/platform.hpp"

namespace baton::admin {
namespace {

ordered_json one_of(std::initializer_list<std::string_view> allowed) {
  return {{"type", "string"}, {"enum", std::vector<std::string_view>(allowed)}};
}

// Of the query's parameters, those that are no free texts.
ordered_json query_schema(std::string_view name) {
  constexpr std::array<std::string_view, 4> numbers = {"page", "pageSize", "limit", "before"};
  constexpr std::array<std::string_view, 3> flags = {"includeDeleted", "isActive", "schedulable"};
  const auto is_in = [name](const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (is_in(numbers)) return {{"type", "integer"}, {"minimum", 1}};
  if (name == "top") return {{"type", "integer"}, {"minimum", 0}};
  if (is_in(flags)) return {{"type", "boolean"}};
  if (name == "order") return one_of({"asc", "desc"});
  if (name == "format") return one_of({"jsonl", "csv"});
  if (name == "granularity") return one_of({"hour", "day", "month", "all"});
  if (name == "groupBy") return one_of({"none", "key", "account", "model", "platform", "tag"});
  return {{"type", "string"}};
}

ordered_json path_schema(std::string_view name) {
  ordered_json schema = {{"type", "string"}};
  if (name != "platform") return schema;
  for (const auto* const each : relay::platforms()) schema["enum"].push_back(each->id());
  return schema;
}

ordered_json parameter(std::string_view name, std::string_view where, ordered_json schema) {
  return {
      {"name", name}, {"in", where}, {"required", where == "path"}, {"schema", std::move(schema)}};
}

ordered_json parameters_of(const route& of) {
  auto all = ordered_json::array();
  auto rest = of.path;
  for (auto open = rest.find('{'); open != rest.npos; open = rest.find('{')) {
    rest.remove_prefix(open + 1);
    const auto name = rest.substr(0, rest.find('}'));
    all.push_back(parameter(name, "path", path_schema(name)));
  }
  for (const auto name : of.query) all.push_back(parameter(name, "query", query_schema(name)));
  if (of.checks_if_match) all.push_back(parameter("if-match", "header", {{"type", "string"}}));
  return all;
}

ordered_json content_of(std::string_view schema) {
  return {{"application/json",
           {{"schema", {{"$ref", "#/components/schemas/" + std::string(schema)}}}}}};
}

ordered_json answer_of(const route& of) {
  if (!of.answer_schema.empty()) return content_of(of.answer_schema);
  auto content = ordered_json::object();
  for (const auto type : of.media_types) content[std::string(type)] = ordered_json::object();
  return content;
}

// "/api/v2/keys/{id}" belongs to "keys".
std::string subject_of(const route& of) {
  if (of.speaks == dialect::v1) return "v1";
  constexpr std::string_view prefix = "/api/v2/";
  if (!of.path.starts_with(prefix)) return "description";
  const auto rest = of.path.substr(prefix.size());
  return std::string(rest.substr(0, rest.find('/')));
}

// "get keys id stats" as getKeysIdStats.
std::string operation_id(const route& of) {
  auto id = text::to_lower(of.method);
  bool raise = true;
  for (const char c : of.path) {
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (letter) id += raise ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    raise = !letter;
  }
  return id;
}

ordered_json operation_of(const route& of) {
  const auto* const error_schema = of.speaks == dialect::v1 ? "V1Error" : "Error";
  ordered_json described = {{"operationId", operation_id(of)},
                            {"summary", of.summary},
                            {"tags", {subject_of(of)}},
                            {"parameters", parameters_of(of)}};
  if (!of.request_schema.empty()) {
    described["requestBody"] = {{"required", !of.body_optional},
                                {"content", content_of(of.request_schema)}};
  }
  described["responses"] = {
      {std::to_string(of.success), {{"description", "Done"}, {"content", answer_of(of)}}},
      {"default", {{"description", "Refused"}, {"content", content_of(error_schema)}}}};
  if (of.open_to == access::anybody) described["security"] = ordered_json::array();
  return described;
}

}  // namespace

ordered_json openapi() {
  auto paths = ordered_json::object();
  for (const auto routes : all_routes()) {
    for (const auto& each : routes) {
      paths[std::string(each.path)][text::to_lower(each.method)] = operation_of(each);
    }
  }
  return {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Baton administration"},
        {"version", version()},
        {"description",
         "Errors are 400 for what is no JSON or no such query, 422 for a field that cannot be "
         "used, 401, 403, 404, 409 for a name that is taken or an If-Match that does not match, "
         "413, 429 with retry-after, 501 for a platform that is not built yet."}}},
      {"servers", {{{"url", "/"}}}},
      {"security", {{{"token", ordered_json::array()}}}},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", schemas()},
        {"securitySchemes",
         {{"token", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}}}}};
}

const std::string& openapi_text() {
  static const auto text = openapi().dump(1);
  return text;
}

}  // namespace baton::admin
