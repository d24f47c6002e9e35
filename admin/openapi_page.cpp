// The page that shows the description. Everything on it is text that has been escaped.
#include <algorithm>
#include <string_view>
#include <utility>

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

std::string words_of(const json& schema);

std::string joined(const json& schemas) {
  std::string words;
  for (const auto& each : schemas) words += (words.empty() ? "" : " or ") + words_of(each);
  return words;
}

std::string type_of(const json& schema) {
  const auto type = schema.value("type", json("any value"));
  if (type == "array" && schema.contains("items")) return "list of " + words_of(schema["items"]);
  if (type == "object" && schema.value("additionalProperties", json(false)).is_object()) {
    return "object of " + words_of(schema["additionalProperties"]);
  }
  if (schema.contains("properties")) {
    std::string names;
    for (const auto& [name, of] : schema["properties"].items()) {
      names += (names.empty() ? "" : ", ") + escaped(name);
    }
    return "object of " + names;
  }
  if (type.is_string()) return escaped(type.get<std::string>());
  std::string words;
  for (const auto& each : type) {
    words += (words.empty() ? "" : " or ") + escaped(each.get<std::string>());
  }
  return words;
}

// A schema in a few words: "integer, from 1, up to 100", "list of string", a link to one that has a
// name.
std::string words_of(const json& schema) {
  if (schema.contains("$ref")) {
    const auto path = schema["$ref"].get<std::string>();
    const auto name = escaped(path.substr(path.rfind('/') + 1));
    return "<a href=\"#" + name + "\">" + name + "</a>";
  }
  for (const auto* choice : {"oneOf", "anyOf"}) {
    if (schema.contains(choice)) return joined(schema[choice]);
  }
  auto words = type_of(schema);
  if (schema.contains("enum")) {
    words += ":";
    for (const auto& each : schema["enum"]) words += " " + escaped(each.get<std::string>());
  }
  if (schema.contains("minimum")) words += ", from " + escaped(schema["minimum"].dump());
  if (schema.contains("maximum")) words += ", up to " + escaped(schema["maximum"].dump());
  return words;
}

// JSON by its schema, anything else by its media type.
std::string words_of_content(const json& content) {
  std::string words;
  for (const auto& [type, of] : content.items()) {
    if (!words.empty()) words += " or ";
    words += of.contains("schema") ? words_of(of["schema"]) : escaped(type);
  }
  return words;
}

// `words` and `note` are HTML.
void append_row(std::string& out, std::string_view name, std::string_view words,
                std::string_view note) {
  out += "<tr><td><code>" + escaped(name) + "</code></td><td>";
  out.append(words).append("</td><td>").append(note).append("</td></tr>\n");
}

std::string note_of(const json& schema) {
  auto note = escaped(schema.value("description", ""));
  if (schema.value("readOnly", false)) note += " <i>read-only</i>";
  if (schema.value("writeOnly", false)) note += " <i>never shown</i>";
  return note;
}

void append_operation(std::string& out, const std::string& path, const std::string& method,
                      const json& operation) {
  out += "<details><summary><code class=\"method\">" + escaped(method) + "</code> <code>" +
         escaped(path) + "</code> ";
  append_escaped(out, operation["summary"].get<std::string>());
  out += "</summary>\n<table>\n";
  for (const auto& each : operation["parameters"]) {
    append_row(out, each["name"].get<std::string>(), words_of(each["schema"]),
               "in the " + escaped(each["in"].get<std::string>()));
  }
  if (operation.contains("requestBody")) {
    const auto& body = operation["requestBody"];
    append_row(out, "body", words_of_content(body["content"]),
               body["required"].get<bool>() ? "" : "may be left out");
  }
  for (const auto& [status, answer] : operation["responses"].items()) {
    append_row(out, status == "default" ? "otherwise" : status, words_of_content(answer["content"]),
               "");
  }
  out += "</table></details>\n";
}

// A section for each subject, in the order in which they are first met.
void append_operations(std::string& out, const json& paths) {
  auto sections = json::object();
  for (const auto& [path, methods] : paths.items()) {
    for (const auto& [method, operation] : methods.items()) {
      const auto subject = operation["tags"][0].get<std::string>();
      auto section = sections.value(subject, "<h2>" + escaped(subject) + "</h2>\n");
      append_operation(section, path, method, operation);
      sections[subject] = std::move(section);
    }
  }
  for (const auto& each : sections) out += each.get<std::string>();
}

void append_members(std::string& out, const json& schema) {
  if (!schema.contains("properties")) {
    out += "<p>" + words_of(schema) + "</p>\n";
    return;
  }
  out += "<table>\n";
  const auto required = schema.value("required", json::array());
  for (const auto& [name, of] : schema["properties"].items()) {
    const bool must = std::find(required.begin(), required.end(), name) != required.end();
    append_row(out, must ? name : name + "?", words_of(of), note_of(of));
  }
  out += "</table>\n";
}

void append_schemas(std::string& out, const json& schemas) {
  out += "<h2>Schemas</h2>\n<p>A member with ? may be missing.</p>\n";
  for (const auto& [name, schema] : schemas.items()) {
    out += "<details id=\"" + escaped(name) + "\"><summary><code>" + escaped(name) +
           "</code></summary>\n<p>" + note_of(schema) + "</p>\n";
    append_members(out, schema);
    out += "</details>\n";
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
