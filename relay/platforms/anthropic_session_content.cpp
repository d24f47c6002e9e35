#include "relay/platforms/anthropic_session_content.hpp"

#include "relay/platforms/json_parser.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::json_type;

// Every function that reads tells whether it could. simdjson gives up on a document after an error,
// so nothing may be read from it any more.

struct content_block {
  std::string_view type;
  std::string_view text;
  bool cached = false;
};

// Into the parser's memory; what is no string counts as empty.
bool read_string(simdjson::ondemand::value value, std::string_view& text) {
  json_type type{};
  if (value.type().get(type)) return false;
  return type != json_type::string || !value.get_string().get(text);
}

bool read_cache_control(simdjson::ondemand::value value, bool& cached) {
  json_type type{};
  if (value.type().get(type)) return false;
  if (type != json_type::object) return true;
  simdjson::ondemand::object control;
  if (value.get_object().get(control)) return false;
  for (auto entry : control) {
    if (entry.error()) return false;
    auto& field = entry.value_unsafe();
    if (field.key() != "type") continue;
    std::string_view name;
    if (!read_string(field.value(), name)) return false;
    cached = name == "ephemeral";
  }
  return true;
}

bool read_block(simdjson::ondemand::value value, content_block& block) {
  json_type type{};
  if (value.type().get(type)) return false;
  if (type != json_type::object) return true;
  simdjson::ondemand::object object;
  if (value.get_object().get(object)) return false;
  for (auto entry : object) {
    if (entry.error()) return false;
    auto& field = entry.value_unsafe();
    const auto name = field.key();
    bool read = true;
    if (name == "type") {
      read = read_string(field.value(), block.type);
    } else if (name == "text") {
      read = read_string(field.value(), block.text);
    } else if (name == "cache_control") {
      read = read_cache_control(field.value(), block.cached);
    }
    if (!read) return false;
  }
  return true;
}

struct system_texts {
  std::string all;
  std::string cached;
};

bool read_system(std::string_view padded, system_texts& texts) {
  if (padded.empty()) return true;
  json_parser parser(padded.size());
  simdjson::ondemand::document document;
  json_type type{};
  if (parser.parse(padded, document) || document.type().get(type)) return false;
  if (type == json_type::string) {
    std::string_view text;
    if (document.get_string().get(text)) return false;
    texts.all = text;
  }
  if (type != json_type::array) return true;
  simdjson::ondemand::array blocks;
  if (document.get_array().get(blocks)) return false;
  for (auto element : blocks) {
    content_block block;
    if (element.error() || !read_block(element.value_unsafe(), block)) return false;
    texts.all += block.text;
    if (block.cached) texts.cached += block.text;
  }
  return true;
}

struct message_texts {
  std::string first_text;  // of the first message that has some
  bool in_first_message = false;
  bool cached = false;  // a message is marked

  bool complete() const { return cached && !first_text.empty(); }
};

bool read_message_content(simdjson::ondemand::value value, std::string& text, bool& cached) {
  json_type type{};
  if (value.type().get(type)) return false;
  if (type == json_type::string) {
    std::string_view whole;
    if (!read_string(value, whole)) return false;
    text = whole;
  }
  if (type != json_type::array) return true;
  simdjson::ondemand::array blocks;
  if (value.get_array().get(blocks)) return false;
  for (auto element : blocks) {
    content_block block;
    if (element.error() || !read_block(element.value_unsafe(), block)) return false;
    if (block.type == "text") text += block.text;
    cached = cached || block.cached;
  }
  return true;
}

bool read_message(simdjson::ondemand::value value, std::string& text, bool& cached) {
  json_type type{};
  if (value.type().get(type)) return false;
  if (type != json_type::object) return true;
  simdjson::ondemand::object message;
  if (value.get_object().get(message)) return false;
  for (auto entry : message) {
    if (entry.error()) return false;
    auto& field = entry.value_unsafe();
    const auto name = field.key();
    bool read = true;
    if (name == "content") {
      read = read_message_content(field.value(), text, cached);
    } else if (name == "cache_control") {
      read = read_cache_control(field.value(), cached);
    }
    if (!read) return false;
  }
  return true;
}

bool read_messages(std::string_view padded, message_texts& texts) {
  if (padded.empty()) return true;
  json_parser parser(padded.size());
  simdjson::ondemand::document document;
  simdjson::ondemand::array messages;
  if (parser.parse(padded, document) || document.get_array().get(messages)) return false;
  bool first = true;
  for (auto element : messages) {
    std::string text;
    if (element.error() || !read_message(element.value_unsafe(), text, texts.cached)) return false;
    if (texts.first_text.empty() && !text.empty()) {
      texts.first_text = std::move(text);
      texts.in_first_message = first;
    }
    if (texts.complete()) break;
    first = false;
  }
  return true;
}

}  // namespace

std::string anthropic_session_content(std::string_view system, std::string_view messages) {
  system_texts of_system;
  message_texts of_messages;
  if (!read_system(system, of_system) || !read_messages(messages, of_messages)) return {};
  std::string content = std::move(of_system.cached);
  if (of_messages.cached) content += of_messages.first_text;
  if (content.empty()) content = std::move(of_system.all);
  if (content.empty() && of_messages.in_first_message) content = std::move(of_messages.first_text);
  return content;
}

}  // namespace baton::relay
