// The page that shows the description. Everything on it is text that has been escaped.
#include <string_view>

#include "admin/openapi.hpp"

namespace baton::admin {
namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view page_begin = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Baton administration</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#222;background:#fff}
h2{margin-top:2.5rem;border-bottom:1px solid #ccc}
details{border:1px solid #ddd;border-radius:4px;margin:.4rem 0;padding:.4rem .8rem}
summary{cursor:pointer}
code{font:13px ui-monospace,monospace}
.method{display:inline-block;min-width:4.5em;font-weight:bold}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #eee;padding:.2rem .6rem .2rem 0;text-align:left;vertical-align:top}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}details{border-color:#444}td,th{border-color:#333}}
</style></head><body>
)";

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

// A schema in a few words: "integer, 1 to 100", "list of string", a link to one that has a name.
std::string words_of(const json& schema) {
  if (schema.contains("$ref")) {
    const auto path = schema["$ref"].get<std::string>();
    const auto name = path.substr(path.rfind('/') + 1);
    return "<a href=\"#" + escaped(name) + "\">" + escaped(name) + "</a>";
  }
  std::string words;
  if (schema.contains("type")) {
    const auto& type = schema["type"];
    if (type.is_string()) words = escaped(type.get<std::string>());
    if (type.is_array()) {
      for (const auto& each : type) {
        words += (words.empty() ? "" : " or ") + escaped(each.get<std::string>());
      }
    }
  }
  if (schema.contains("items")) words = "list of " + words_of(schema["items"]);
  if (schema.contains("enum")) words += ": " + escaped(schema["enum"].dump());
  if (schema.contains("minimum")) words += ", from " + escaped(schema["minimum"].dump());
  if (schema.contains("maximum")) words += ", up to " + escaped(schema["maximum"].dump());
  return words;
}

void append_row(std::string& out, std::string_view name, const json& schema,
                std::string_view note) {
  out += "<tr><td><code>" + escaped(name) + "</code></td><td>" + words_of(schema) + "</td><td>";
  append_escaped(out, note);
  if (schema.contains("description")) {
    append_escaped(out, schema["description"].get<std::string>());
  }
  if (schema.value("readOnly", false)) out += " <i>read-only</i>";
  if (schema.value("writeOnly", false)) out += " <i>never shown</i>";
  out += "</td></tr>\n";
}

void append_operation(std::string& out, const std::string& path, const std::string& method,
                      const json& operation) {
  out += "<details><summary><code class=\"method\">" + escaped(method) + "</code> <code>" +
         escaped(path) + "</code> ";
  append_escaped(out, operation["summary"].get<std::string>());
  out += "</summary>\n<table>\n";
  for (const auto& each : operation["parameters"]) {
    append_row(out, each["name"].get<std::string>(), each["schema"],
               "in the " + each["in"].get<std::string>());
  }
  const auto content = json::json_pointer("/content/application~1json/schema");
  if (operation.contains("requestBody")) {
    append_row(out, "body", operation["requestBody"].value(content, json::object()), "");
  }
  for (const auto& [status, answer] : operation["responses"].items()) {
    append_row(out, status == "default" ? "otherwise" : status,
               answer.value(content, json::object()), "");
  }
  out += "</table></details>\n";
}

void append_operations(std::string& out, const json& paths) {
  std::string subject;
  for (const auto& [path, methods] : paths.items()) {
    for (const auto& [method, operation] : methods.items()) {
      const auto of = operation["tags"][0].get<std::string>();
      if (of != subject) out += "<h2>" + escaped(of) + "</h2>\n";
      subject = of;
      append_operation(out, path, method, operation);
    }
  }
}

void append_schemas(std::string& out, const json& schemas) {
  out += "<h2>Schemas</h2>\n";
  for (const auto& [name, schema] : schemas.items()) {
    out += "<details id=\"" + escaped(name) + "\"><summary><code>" + escaped(name) +
           "</code></summary>\n<table>\n";
    const auto members = schema.value("properties", json::object());
    for (const auto& [member, of] : members.items()) {
      append_row(out, member, of, "");
    }
    out += "</table></details>\n";
  }
}

std::string page_of(const json& description) {
  std::string page(page_begin);
  page += "<h1>Baton administration</h1>\n<p>";
  append_escaped(page, description["info"]["description"].get<std::string>());
  page += "</p>\n<p><a href=\"/openapi.json\">openapi.json</a></p>\n";
  append_operations(page, description["paths"]);
  append_schemas(page, description["components"]["schemas"]);
  return page + "</body></html>\n";
}

}  // namespace

const std::string& openapi_page() {
  static const auto page = page_of(openapi());
  return page;
}

}  // namespace baton::admin
