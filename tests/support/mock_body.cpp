#include "tests/support/mock_body.hpp"

namespace baton::mock {

namespace {

using simdjson::ondemand::array;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

constexpr const char* not_json = "The request body is not valid JSON";

bool find_tool(value tools, std::string& name);

// Each API puts the name elsewhere: at the tool, in its "function", or in the first of its
// "functionDeclarations".
bool find_tool_in(object tool, std::string& name) {
  for (auto field : tool) {
    std::string_view key;
    std::string_view text;
    if (field.unescaped_key().get(key)) return false;
    if (key == "name") {
      if (field.value().get_string().get(text)) return false;
      name = text;
      return true;
    }
    value inner;
    const bool nested =
        key == "function" || key == "functionDeclarations" || key == "function_declarations";
    if (nested && !field.value().get(inner) && find_tool(inner, name)) return true;
  }
  return false;
}

// `tools`: an object, or an array of them.
bool find_tool(value tools, std::string& name) {
  object single;
  array several;
  if (!tools.get_object().get(single)) return find_tool_in(single, name);
  if (tools.get_array().get(several)) return false;
  for (auto each : several) {
    object tool;
    if (each.get_object().get(tool)) continue;
    if (find_tool_in(tool, name)) return true;
  }
  return false;
}

// Code Assist has what other APIs have at the top inside "request".
void read_inner_request(value inner, body_facts& facts) {
  object fields;
  if (inner.get_object().get(fields)) return;
  for (auto field : fields) {
    std::string_view key;
    value tools;
    if (field.unescaped_key().get(key)) return;
    if (key != "tools") continue;
    if (!field.value().get(tools)) find_tool(tools, facts.tool);
    return;
  }
}

void read_stream_options(value options, body_facts& facts) {
  object fields;
  if (options.get_object().get(fields)) return;
  for (auto field : fields) {
    std::string_view key;
    if (field.unescaped_key().get(key)) return;
    if (key != "include_usage") continue;
    if (field.value().get_bool().get(facts.include_usage)) facts.include_usage = false;
    return;
  }
}

void read_text(value source, std::string& target) {
  std::string_view text;
  if (!source.get_string().get(text)) target = text;
}

// Why the member is refused, or null.
const char* read_member(std::string_view name, value source, body_facts& facts) {
  if (name == "model") {
    std::string_view model;
    if (source.get_string().get(model)) return "model: Input should be a valid string";
    facts.model = model;
    facts.has_model = true;
  } else if (name == "stream") {
    facts.has_stream = true;
    if (source.get_bool().get(facts.stream)) return "stream: Input should be a valid boolean";
  } else if (name == "tools") {
    find_tool(source, facts.tool);
  } else if (name == "request") {
    read_inner_request(source, facts);
  } else if (name == "stream_options") {
    read_stream_options(source, facts);
  } else if (name == "anthropic_version") {
    facts.has_anthropic_version = true;
  } else if (name == "previous_response_id") {
    read_text(source, facts.previous_response);
  }
  return nullptr;
}

}  // namespace

body_facts body_reader::read(std::string_view body, std::size_t capacity) {
  body_facts facts;
  simdjson::ondemand::document whole;
  object fields;
  const auto refuse = [&facts](const char* problem) {
    facts.problem = problem;
    return facts;
  };
  auto failure =
      parser_.iterate(simdjson::padded_string_view(body.data(), body.size(), capacity)).get(whole);
  if (!failure) failure = whole.get_object().get(fields);
  if (failure) return refuse(not_json);
  for (auto field : fields) {
    std::string_view name;
    value member;
    if (field.unescaped_key().get(name) || field.value().get(member)) return refuse(not_json);
    if (const char* problem = read_member(name, member, facts)) return refuse(problem);
  }
  const char* rest = nullptr;
  if (!whole.current_location().get(rest)) return refuse(not_json);
  return facts;
}

}  // namespace baton::mock
