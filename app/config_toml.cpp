// baton.toml: sections and keys are the two parts of a setting's name.
#include <toml++/toml.h>
#include <sstream>

#include "app/config_draft.hpp"
#include "base/log_format.hpp"

namespace baton::app {
namespace {

error file_error(std::string_view where, std::string_view what) {
  std::string line(where);
  line += ": ";
  log::append_text_escaped(line, what);
  return downstream_error(error_code::invalid_argument, std::move(line));
}

std::string place(const std::string& path, const toml::node& node) {
  return path + ':' + std::to_string(node.source().begin.line);
}

std::optional<std::string> joined(const toml::array& list) {
  std::string all;
  for (const auto& each : list) {
    const auto* const text = each.as_string();
    if (text == nullptr) return std::nullopt;
    all += (all.empty() ? "" : ",") + text->get();
  }
  return all;
}

// The text that setting::assign() takes; nothing for kinds of values no setting has.
std::optional<std::string> spelled(const toml::node& node, setting_kind kind) {
  const bool is_word =
      kind == setting_kind::text || kind == setting_kind::choice || kind == setting_kind::list;
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* list = node.as_array(); list != nullptr && kind == setting_kind::list) {
    return joined(*list);
  }
  if (const auto* truth = node.as_boolean(); truth != nullptr && kind == setting_kind::boolean) {
    return truth->get() ? "true" : "false";
  }
  if (is_word || kind == setting_kind::boolean) return std::nullopt;
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  const auto* fraction = node.as_floating_point();
  if (fraction == nullptr || kind != setting_kind::duration) return std::nullopt;
  return std::to_string(fraction->get());
}

std::string as_written(const toml::node& node) {
  std::ostringstream written;
  node.visit([&](const auto& each) { written << toml::default_formatter(each); });
  return written.str();
}

result<void> assign_node(config_draft& draft, const std::string& path, const std::string& name,
                         const toml::node& node, bool of_data_dir) {
  const auto where = place(path, node);
  const auto* const which = find_setting(name);
  if (which == nullptr) return unknown_setting(where, name);
  if (of_data_dir && name == "storage.data_dir") {
    return file_error(where,
                      "storage.data_dir cannot be set in the data folder's own file; "
                      "give --data-dir or BATON_DATA_DIR");
  }
  const auto text = spelled(node, which->kind);
  if (!text) {
    const bool takes_text = which->kind == setting_kind::text ||
                            which->kind == setting_kind::choice ||
                            which->kind == setting_kind::list;
    return unusable_value(where + ": " + name, *which, as_written(node),
                          which->allowed + (takes_text ? ", in quotes" : ""));
  }
  if (!draft.assign(*which, *text, where)) {
    return unusable_value(where + ": " + name, *which, *text);
  }
  return {};
}

result<void> read_section(config_draft& draft, const std::string& path, const toml::key& section,
                          const toml::table& entries, bool of_data_dir) {
  for (const auto& [key, node] : entries) {
    const auto name = std::string(section.str()) + '.' + std::string(key.str());
    if (auto done = assign_node(draft, path, name, node, of_data_dir); !done) return done;
  }
  return {};
}

}  // namespace

result<void> read_config_file(config_draft& draft, const std::string& path, bool of_data_dir) {
  toml::table file;
  try {
    file = toml::parse_file(path);
  } catch (const toml::parse_error& failure) {
    const auto line = failure.source().begin.line;
    return file_error(line == 0 ? path : path + ':' + std::to_string(line), failure.description());
  }
  for (const auto& [key, node] : file) {
    if (const auto* const section = node.as_table()) {
      if (auto done = read_section(draft, path, key, *section, of_data_dir); !done) return done;
    } else {
      return unknown_setting(place(path, node), key.str());
    }
  }
  return {};
}

}  // namespace baton::app
