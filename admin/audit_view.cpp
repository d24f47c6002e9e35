#include "admin/audit_view.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/timestamps.hpp"

namespace baton::admin {
namespace {

using nlohmann::ordered_json;

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

void append_cell(std::string& out, std::string_view cell) {
  constexpr std::string_view begins_formula = "=+-@\t\r";
  out += '"';
  if (!cell.empty() && begins_formula.find(cell.front()) != std::string_view::npos) out += '\'';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_row(std::string& out, std::initializer_list<std::string_view> cells) {
  bool first = true;
  for (const auto cell : cells) {
    if (!std::exchange(first, false)) out += ',';
    append_cell(out, cell);
  }
  out += "\r\n";
}

}  // namespace

ordered_json audit_entry_json(const storage::audit_entry& entry) {
  auto changes = ordered_json::parse(entry.changes, nullptr, false);
  return {{"id", entry.id},
          {"at", spell_timestamp(entry.at)},
          {"actor", entry.actor},
          {"address", text_or_null(entry.address)},
          {"action", entry.action},
          {"objectType", text_or_null(entry.object_type)},
          {"objectId", text_or_null(entry.object_id)},
          {"objectName", text_or_null(entry.object_name)},
          {"outcome", entry.outcome},
          {"changes", changes.is_object() ? std::move(changes) : ordered_json::object()}};
}

ordered_json audit_json(const storage::audit_page& page) {
  auto items = ordered_json::array();
  for (const auto& each : page.entries) items.push_back(audit_entry_json(each));
  return {{"items", std::move(items)},
          {"next", page.more ? ordered_json(page.entries.back().id) : ordered_json(nullptr)}};
}

std::string audit_lines(const std::vector<storage::audit_entry>& entries) {
  std::string lines;
  for (const auto& each : entries) {
    lines += audit_entry_json(each).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    lines += '\n';
  }
  return lines;
}

std::string audit_csv_names() {
  std::string row;
  append_row(row, {"id", "at", "actor", "address", "action", "objectType", "objectId", "objectName",
                   "outcome", "changes"});
  return row;
}

std::string audit_csv(const std::vector<storage::audit_entry>& entries) {
  std::string rows;
  for (const auto& each : entries) {
    append_row(rows, {std::to_string(each.id), spell_timestamp(each.at), each.actor, each.address,
                      each.action, each.object_type, each.object_id, each.object_name, each.outcome,
                      each.changes});
  }
  return rows;
}

}  // namespace baton::admin
