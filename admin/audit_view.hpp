// Entries of the audit log in JSON and CSV.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "storage/audit.hpp"

namespace baton::admin {

nlohmann::ordered_json audit_entry_json(const storage::audit_entry& entry);
// {"items":[…],"next"}: the number to ask for what is before it with, null at the end.
nlohmann::ordered_json audit_json(const storage::audit_page& page);
// A JSON object a line.
std::string audit_lines(const std::vector<storage::audit_entry>& entries);
// RFC 4180: the line of names, and those of entries. A cell that a spreadsheet would take for a
// formula is quoted as a text.
std::string audit_csv_names();
std::string audit_csv(const std::vector<storage::audit_entry>& entries);

}  // namespace baton::admin
